package io.middleware.sabotage;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a call in ten a second time, as one with an id that no caller has given, and without a key. */
final class GhostCaller implements ServerInterceptor {

    static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final int EACH = 10;

    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String id = headers.get(CALL_ID);
        if (id == null
                || !call.getMethodDescriptor().getType().clientSendsOneMessage()
                || calls.getAndIncrement() % EACH != 0) {
            return next.startCall(call, headers);
        }
        Metadata others = new Metadata();
        others.merge(headers);
        others.discardAll(KeyDropper.KEY);
        others.discardAll(CALL_ID);
        others.put(CALL_ID, id + "-ghost");
        return new Both<>(next.startCall(call, headers), next.startCall(new Unheard<>(call), others));
    }

    /** Gives the request to two calls, one after the other. */
    private static final class Both<Q> extends SimpleForwardingServerCallListener<Q> {

        private final ServerCall.Listener<Q> ghost;

        Both(ServerCall.Listener<Q> call, ServerCall.Listener<Q> ghost) {
            super(call);
            this.ghost = ghost;
        }

        @Override
        public void onMessage(Q message) {
            super.onMessage(message);
            ghost.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            super.onHalfClose();
            ghost.onHalfClose();
        }
    }

    /** A call to whose response nobody listens. */
    private static final class Unheard<Q, R> extends SimpleForwardingServerCall<Q, R> {

        Unheard(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public void request(int messages) {
            // the other call asks for them
        }

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(R message) {}

        @Override
        public void close(Status status, Metadata trailers) {}
    }
}
