package io.middleware.client;

import java.util.function.Supplier;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * A unary call that may be repeated and is made once more, by a {@code spare} call, when it ends {@code UNAVAILABLE} before
 * anything of an answer: all the hedges of one call may have gone to the gateway that dies. Not where the
 * answer says by {@code grpc-retry-pushback-ms} that another try is to wait, or not to be.
 */
final class CallWithSpare<Q, R> extends ForwardingClientCall<Q, R> {

    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final Metadata headers = new Metadata();
    private volatile ClientCall<Q, R> current;
    private Supplier<ClientCall<Q, R>> spare;
    private Q message;
    private boolean whole;
    private int wanted;

    CallWithSpare(ClientCall<Q, R> first, Supplier<ClientCall<Q, R>> spare) {
        this.current = first;
        this.spare = spare;
    }

    @Override
    protected ClientCall<Q, R> delegate() {
        return current;
    }

    @Override
    public void start(Listener<R> listener, Metadata given) {
        headers.merge(given);
        super.start(new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onHeaders(Metadata answered) {
                dropSpare();
                super.onHeaders(answered);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                String pushback = trailers.get(PUSHBACK);
                boolean again = status.getCode() == Status.Code.UNAVAILABLE && (pushback == null || pushback.equals("0"));
                if (!again || !useSpare(listener)) {
                    super.onClose(status, trailers);
                }
            }
        }, given);
    }

    @Override
    public synchronized void request(int messages) {
        wanted += messages;
        super.request(messages);
    }

    @Override
    public synchronized void sendMessage(Q sent) {
        message = sent;
        super.sendMessage(sent);
    }

    @Override
    public synchronized void halfClose() {
        whole = true;
        super.halfClose();
    }

    @Override
    public synchronized void cancel(String reason, Throwable cause) {
        spare = null;
        super.cancel(reason, cause);
    }

    private synchronized void dropSpare() {
        spare = null;
    }

    /** False: there is none, or the caller has not sent all of its request, or cancelled. */
    private synchronized boolean useSpare(Listener<R> listener) {
        if (spare == null || !whole) {
            return false;
        }
        current = spare.get();
        spare = null;
        current.start(listener, headers);
        current.request(wanted);
        current.sendMessage(message);
        current.halfClose();
        return true;
    }
}
