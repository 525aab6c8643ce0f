package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.Code;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.json.Translator;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * A request with a message of JSON on each line. Each is sent as soon as its line is complete; the body is read no
 * faster than the server takes it.
 */
public final class RequestLines extends BaseSubscriber<ByteBuf> implements RequestMessages {
    private final Publisher<ByteBuf> body;
    private final Translation translation;
    private final Translator translator;
    private final CallContext context;
    private final LineSplitter lines;
    private @Nullable OngoingCall call;
    private Consumer<ConnectError> onMalformed = error -> {};
    private boolean awaitsPiece;
    private boolean complete;
    /** A line is translated off the event loop, or its types are looked up. */
    private boolean translating;
    /** Lines are sent further up in the stack. */
    private boolean sending;

    private boolean stopped;

    /**
     * @param body  subscribed to when the call starts
     * @param limit bytes of the longest line
     */
    public RequestLines(
            Publisher<ByteBuf> body, Translation translation, Translator translator, CallContext context, int limit) {
        this.body = body;
        this.translation = translation;
        this.translator = translator;
        this.context = context;
        this.lines = new LineSplitter(limit, context.lease().another());
    }

    @Override
    public void sendTo(OngoingCall to, Consumer<ConnectError> malformed) {
        call = to;
        onMalformed = malformed;
        body.subscribe(this);
    }

    @Override
    public void onWritabilityChanged() {
        proceed();
    }

    @Override
    public void stop() {
        if (!stopped) {
            stopped = true;
            lines.close();
            cancel();
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        proceed();
    }

    @Override
    protected void hookOnNext(ByteBuf piece) {
        if (!stopped) {
            awaitsPiece = false;
            lines.add(piece.retain());
            proceed();
        }
    }

    @Override
    protected void hookOnComplete() {
        complete = true;
        proceed();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        malformed(new ConnectError(Code.CANCELLED, "the request ended before its end"));
    }

    private void proceed() {
        if (sending || call == null) {
            return;
        }
        sending = true;
        try {
            while (!stopped && !translating && call.writable() && sendNext(call)) {
                // once for each line
            }
        } catch (RuntimeException failure) {
            malformed(failure);
        }
        sending = false;
    }

    /** Returns whether there may be another line at once. */
    private boolean sendNext(OngoingCall to) {
        byte[] line = lines.next();
        if (line == null && complete) {
            line = lines.last();
            if (line == null) {
                stop();
                to.halfClose();
                return false;
            }
        }
        if (line == null) {
            return awaitPiece();
        }
        ByteBuf frame = translatedAtOnce(line);
        if (frame != null) {
            to.send(new NettyChunk(frame), false);
        } else {
            translating = true;
            translator.request(translation, line, context).subscribe(late -> sendLate(to, late), this::malformed);
        }
        return true;
    }

    /** Returns whether a piece, or the end, came at once. */
    private boolean awaitPiece() {
        if (!awaitsPiece) {
            awaitsPiece = true;
            request(1);
        }
        return !awaitsPiece || complete;
    }

    /** Returns the framed message; null if that takes longer, or there is none. */
    private @Nullable ByteBuf translatedAtOnce(byte[] line) {
        try {
            return line.length > JsonWorkers.LARGE ? null : translation.message(line);
        } catch (ProtoJsonException unclear) {
            // looked into again by the translator, which says why, or looks up a type
            return null;
        }
    }

    private void sendLate(OngoingCall to, ByteBuf frame) {
        if (stopped) {
            frame.release();
            return;
        }
        translating = false;
        to.send(new NettyChunk(frame), false);
        proceed();
    }

    private void malformed(Throwable failure) {
        ConnectError error = Failures.of(failure);
        malformed(new ConnectError(error.code(), "line " + lines.number() + ": " + error.message()));
    }

    private void malformed(ConnectError error) {
        if (!stopped) {
            stop();
            onMalformed.accept(error);
        }
    }
}
