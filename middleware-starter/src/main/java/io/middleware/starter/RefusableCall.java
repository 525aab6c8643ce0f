package io.middleware.starter;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.middleware.starter.RequestParsing.Parsed;
import java.util.Objects;

/** A call that may be refused while its handler, on any thread, is still about to respond. */
final class RefusableCall<T, R> extends SimpleForwardingServerCall<T, R> {

    private final MethodDescriptor<T, R> method;
    private boolean closed;
    private boolean refused;

    @SuppressWarnings("unchecked") // the only use of the request's type in a call is its descriptor, which is replaced
    RefusableCall(ServerCall<Parsed<T>, R> call, MethodDescriptor<T, R> method) {
        super((ServerCall<T, R>) (ServerCall<?, R>) call);
        this.method = method;
    }

    /** Returns a listener that passes on messages, and refuses the call at the first request without one. */
    Listener<Parsed<T>> listener(Listener<T> handler) {
        return new RefusingListener(handler);
    }

    private synchronized void refuse(Status why) {
        if (!closed) {
            super.close(why, new Metadata());
        }
        refused = true;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!refused) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(R message) {
        if (!refused) {
            super.sendMessage(message);
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!refused) {
            closed = true;
            super.close(status, trailers);
        }
    }

    @Override
    public synchronized boolean isCancelled() {
        return refused || super.isCancelled();
    }

    @Override
    public MethodDescriptor<T, R> getMethodDescriptor() {
        return method;
    }

    /** Tells the handler of a refused call that it is cancelled, and nothing more. One thread at a time calls it. */
    private final class RefusingListener extends Listener<Parsed<T>> {

        private final Listener<T> handler;

        RefusingListener(Listener<T> handler) {
            this.handler = handler;
        }

        @Override
        public void onMessage(Parsed<T> request) {
            Status refusal = request.refusal();
            if (refusal == null) {
                unlessRefused(() -> handler.onMessage(Objects.requireNonNull(request.message())));
            } else {
                unlessRefused(() -> {
                    refuse(refusal);
                    handler.onCancel();
                });
            }
        }

        @Override
        public void onHalfClose() {
            unlessRefused(handler::onHalfClose);
        }

        @Override
        public void onReady() {
            unlessRefused(handler::onReady);
        }

        @Override
        public void onCancel() {
            unlessRefused(handler::onCancel);
        }

        @Override
        public void onComplete() {
            unlessRefused(handler::onComplete);
        }

        private void unlessRefused(Runnable event) {
            if (!refused) {
                event.run();
            }
        }
    }
}
