package io.middleware.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Retries a unary call once, by a second call, when the first ends {@code UNAVAILABLE} before its response
 * began: all hedges of a call may have gone to the one gateway that died. Does not retry when the server forbids or
 * delays retries by {@code grpc-retry-pushback-ms}.
 */
final class RetryOnceCall<Q, R> extends ForwardingClientCall<Q, R> {

    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
    /** Milliseconds that mean an immediate retry. Nginx sends 1, because on 0 clients of gRPC's C core hang. */
    private static final Set<String> AT_ONCE = Set.of("0", "1");

    private final Metadata headers = new Metadata();
    private final Predicate<Metadata> mayRetry;
    private volatile ClientCall<Q, R> current;
    private @Nullable Supplier<ClientCall<Q, R>> retry;
    private @Nullable Q request;
    private boolean requestComplete;
    private int requested;

    /**
     * Creates it around the first call.
     *
     * @param retry    makes the second call; used at most once
     * @param mayRetry whether the call may run again, by the trailers of the first
     */
    RetryOnceCall(ClientCall<Q, R> first, Supplier<ClientCall<Q, R>> retry, Predicate<Metadata> mayRetry) {
        this.mayRetry = mayRetry;
        this.current = first;
        this.retry = retry;
    }

    @Override
    protected ClientCall<Q, R> delegate() {
        return current;
    }

    @Override
    public void start(Listener<R> listener, Metadata given) {
        headers.merge(given);
        super.start(
                new SimpleForwardingClientCallListener<>(listener) {
                    @Override
                    public void onHeaders(Metadata received) {
                        giveUpRetry();
                        super.onHeaders(received);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        String pushback = trailers.get(PUSHBACK);
                        boolean retries = status.getCode() == Status.Code.UNAVAILABLE
                                && (pushback == null || AT_ONCE.contains(pushback))
                                && mayRetry.test(trailers);
                        if (!retries || !retry(listener)) {
                            super.onClose(status, trailers);
                        }
                    }
                },
                given);
    }

    @Override
    public synchronized void request(int messages) {
        requested += messages;
        super.request(messages);
    }

    @Override
    public synchronized void sendMessage(Q message) {
        request = message;
        super.sendMessage(message);
    }

    @Override
    public synchronized void halfClose() {
        requestComplete = true;
        super.halfClose();
    }

    @Override
    public synchronized void cancel(@Nullable String reason, @Nullable Throwable cause) {
        retry = null;
        super.cancel(reason, cause);
    }

    private synchronized void giveUpRetry() {
        retry = null;
    }

    /** Returns false when no retry is left, or the caller has not sent its whole request, or has cancelled. */
    private synchronized boolean retry(Listener<R> listener) {
        if (retry == null || request == null || !requestComplete) {
            return false;
        }
        current = retry.get();
        retry = null;
        current.start(listener, headers);
        current.request(requested);
        current.sendMessage(request);
        current.halfClose();
        return true;
    }
}
