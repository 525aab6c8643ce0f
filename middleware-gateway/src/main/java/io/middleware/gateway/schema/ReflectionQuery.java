package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.middleware.core.Code;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.Timers;
import io.middleware.core.instance.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Queries one instance, by one version of reflection, for the file of each symbol and for what these files import,
 * until nothing is missing.
 *
 * <p>Not all servers keep the stream open. Some end it at a request that they cannot serve, or after each response: the
 * rest is requested on a new stream. Some respond only after the caller has half-closed, or take one request a stream:
 * when nothing comes for {@link #SILENCE}, or several requests are refused together, they are sent one by one.
 */
final class ReflectionQuery implements ReflectionStream.Listener {
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final List<String> symbols;
    private final Timers timers;
    private final Listener listener;
    private final FileCollector files;
    private final ReflectionStream stream;
    private Timers.Timer silence = () -> {};
    private boolean ended;

    /** One of its methods is called, once, unless the query is cancelled before. */
    interface Listener {
        void onFound(DescriptorFiles files);

        /** The server does not have this version of reflection. */
        void onNotOffered();

        /** No connection can be made. */
        void onUnreachable(String reason);

        void onFailure(String reason);
    }

    /**
     * @param known  files from an earlier query, which need not come again
     * @param opener opens a stream to the instance
     */
    ReflectionQuery(
            List<String> symbols,
            Map<String, FileDescriptorProto> known,
            Timers timers,
            Function<Transport.Listener, Transport.Stream> opener,
            Listener listener) {
        this.symbols = symbols;
        this.files = new FileCollector(known);
        this.timers = timers;
        this.listener = listener;
        this.stream = new ReflectionStream(opener, this);
    }

    void start() {
        stream.reopen();
        if (ended) {
            // the transport may report at once that there is no connection
            return;
        }
        silence = timers.schedule(
                () -> {
                    stream.cancel();
                    requestOneByOne();
                },
                SILENCE.toNanos());
        symbols.forEach(name -> stream.send(FileCollector.requestForSymbol(name)));
        requestMissing();
    }

    void cancel() {
        if (!ended) {
            end();
            stream.cancel();
        }
    }

    @Override
    public void onResponse(@Nullable ServerReflectionRequest request, byte[] message) {
        if (ended) {
            return;
        }
        silence.cancel();
        try {
            ServerReflectionResponse response = ServerReflectionResponse.parseFrom(message);
            if (request == null) {
                onUnreadable("the server's reflection sent more responses than there were requests");
            } else {
                files.accept(request, response);
                requestMissing();
            }
        } catch (InvalidProtocolBufferException e) {
            onUnreadable("the server's reflection sent a malformed descriptor");
        }
    }

    @Override
    public void onUnreadable(String reason) {
        stream.cancel();
        fail(reason);
    }

    @Override
    public void onTrailers(Headers trailers) {
        Code code = trailers.code();
        if (ended) {
            return;
        }
        if (stream.pending() > 0 && (code == Code.NOT_FOUND || code == Code.UNIMPLEMENTED && !files.isEmpty())) {
            ServerReflectionRequest refused = stream.removeRefused();
            requestOnNewStream();
            if (!ended) {
                files.onUnknown(refused);
                requestMissing();
            }
        } else if (code == Code.OK && stream.responded()) {
            requestOnNewStream();
        } else if (code == Code.UNIMPLEMENTED) {
            end();
            listener.onNotOffered();
        } else if (!stream.isOneByOne() && stream.pending() > 1) {
            requestOneByOne();
        } else {
            fail(
                    code == Code.OK
                            ? "the server ended the reflection stream too early"
                            : "the server's reflection returned " + code);
        }
    }

    @Override
    public void onFailure(Outcome outcome) {
        if (!ended) {
            end();
            if (outcome.evidence() == Outcome.Evidence.UNREACHABLE || outcome.evidence() == Outcome.Evidence.SILENT) {
                listener.onUnreachable(outcome.inWords());
            } else {
                listener.onFailure(outcome.inWords());
            }
        }
    }

    private void requestOneByOne() {
        stream.sendOneByOne();
        silence.cancel();
        requestOnNewStream();
    }

    private void requestOnNewStream() {
        stream.reopen();
        if (!ended) {
            stream.resend();
        }
    }

    private void requestMissing() {
        if (stream.pending() == 0) {
            files.nextRequests().forEach(stream::send);
        }
        if (stream.pending() == 0) {
            complete();
        }
    }

    private void complete() {
        end();
        stream.close();
        if (files.isNotOffered()) {
            listener.onNotOffered();
        } else {
            listener.onFound(files.files());
        }
    }

    private void fail(String reason) {
        if (!ended) {
            end();
            listener.onFailure(reason);
        }
    }

    private void end() {
        ended = true;
        silence.cancel();
    }
}
