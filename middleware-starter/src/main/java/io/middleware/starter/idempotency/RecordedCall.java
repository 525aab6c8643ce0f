package io.middleware.starter.idempotency;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call as its method sees it: what the method responds is kept back until the transaction has ended. The method may
 * respond on any thread; what comes after its return is dropped.
 */
final class RecordedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private @Nullable Metadata headers;
    private @Nullable R message;
    private int messages;
    private @Nullable Status status;
    private Metadata trailers = new Metadata();
    private boolean sealed;

    RecordedCall(ServerCall<Q, R> call) {
        super(call);
    }

    @Override
    public void request(int messages) {
        // the only request is here already
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public synchronized void sendHeaders(Metadata sent) {
        if (!sealed) {
            headers = sent;
        }
    }

    @Override
    public synchronized void sendMessage(R sent) {
        if (!sealed) {
            message = sent;
            messages++;
        }
    }

    @Override
    public synchronized void close(Status ended, Metadata more) {
        if (!sealed && status == null) {
            status = ended;
            trailers = more;
        }
    }

    /** Returns what shall be kept. Called when the method has returned. */
    synchronized Effect.Ended end(Set<Status.Code> finalErrors) {
        sealed = true;
        if (status == null) {
            status = Status.INTERNAL.withDescription(getMethodDescriptor().getFullMethodName()
                    + " returned before it had responded; with an idempotency key its whole work must be done by then."
                    + " Nothing is left of it");
        } else if (status.isOk() && messages != 1) {
            status = Status.INTERNAL.withDescription(
                    "expected one message in the response, found " + messages + ". Nothing is left of it");
        } else if (status.isOk()) {
            return new Effect.Ended(Effect.Keep.ALL, stored(bytes()));
        } else if (finalErrors.contains(status.getCode())) {
            return new Effect.Ended(Effect.Keep.RESPONSE, stored(null));
        }
        return Effect.Ended.WITH_NOTHING;
    }

    /** Ends the call with the status of an exception that the method threw. */
    synchronized void fail(Status thrown, @Nullable Metadata more) {
        headers = null;
        message = null;
        status = thrown;
        trailers = more == null ? new Metadata() : more;
    }

    synchronized boolean responded() {
        return status != null;
    }

    private StoredResponse stored(byte @Nullable [] bytes) {
        Metadata keptHeaders = new Metadata();
        if (headers != null) {
            keptHeaders.merge(headers);
        }
        Metadata keptTrailers = new Metadata();
        keptTrailers.merge(trailers);
        Status ended = status == null ? Status.OK : status;
        return new StoredResponse(ended.withCause(null), bytes, keptHeaders, keptTrailers);
    }

    private byte[] bytes() {
        try (InputStream stream = getMethodDescriptor().streamResponse(message)) {
            return stream.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException("from memory", impossible);
        }
    }

    /** Sends the response. {@code keptFor} is null if it is not kept. */
    synchronized void release(@Nullable Duration keptFor) {
        Status ended = status == null ? Status.UNKNOWN : status;
        if (ended.isOk() || headers != null) {
            Metadata sent = headers == null ? new Metadata() : headers;
            if (keptFor != null) {
                sent.put(ReplayHeaders.EXPIRES_IN, Long.toString(keptFor.toSeconds()));
            }
            super.sendHeaders(sent);
        }
        if (ended.isOk() && message != null) {
            super.sendMessage(message);
        }
        super.close(ended, trailers);
    }
}
