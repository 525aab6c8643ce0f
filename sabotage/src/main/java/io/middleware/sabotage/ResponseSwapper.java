package io.middleware.sabotage;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gives a repeat the response to another call: the last one that this server has executed. */
final class ResponseSwapper implements ServerInterceptor {

    static final Metadata.Key<String> REPLAYED =
            Metadata.Key.of("idempotency-replayed", Metadata.ASCII_STRING_MARSHALLER);

    private final Map<String, Object> last = new ConcurrentHashMap<>();

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    private boolean replayed;

                    @Override
                    public void sendHeaders(Metadata response) {
                        replayed = response.containsKey(REPLAYED);
                        super.sendHeaders(response);
                    }

                    @Override
                    @SuppressWarnings("unchecked") // of the same method
                    public void sendMessage(R message) {
                        if (replayed) {
                            super.sendMessage((R) last.getOrDefault(method, message));
                        } else {
                            last.put(method, message);
                            super.sendMessage(message);
                        }
                    }
                },
                headers);
    }
}
