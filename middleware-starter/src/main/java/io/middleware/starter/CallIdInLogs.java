package io.middleware.starter;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.slf4j.MDC;

/**
 * Puts the id of a call, which the gateway sets, into the context of log lines (MDC) while a method runs for it, as
 * {@value #NAME}. In JSON each line has it; a pattern shows it by {@code %X{callId}}.
 */
final class CallIdInLogs implements ServerInterceptor {
    static final String NAME = "callId";

    private static final Metadata.Key<String> HEADER = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String id = headers.get(HEADER);
        if (id == null) {
            return next.startCall(call, headers);
        }
        try (var _ = MDC.putCloseable(NAME, id)) {
            return new WithId<>(next.startCall(call, headers), id);
        }
    }

    private static final class WithId<Q> extends SimpleForwardingServerCallListener<Q> {
        private final String id;

        WithId(ServerCall.Listener<Q> listener, String id) {
            super(listener);
            this.id = id;
        }

        @Override
        public void onMessage(Q message) {
            run(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            run(super::onHalfClose);
        }

        @Override
        public void onReady() {
            run(super::onReady);
        }

        @Override
        public void onCancel() {
            run(super::onCancel);
        }

        @Override
        public void onComplete() {
            run(super::onComplete);
        }

        private void run(Runnable callback) {
            try (var _ = MDC.putCloseable(NAME, id)) {
                callback.run();
            }
        }
    }
}
