package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.util.UUID;

/**
 * Gives each unary call of a method that is not idempotent a key, unless it has one. All attempts of a call share it, so that servers
 * which honour keys execute the call once.
 */
final class IdempotencyKeys implements ClientInterceptor {

    /** Set for calls that have a key. */
    static final CallOptions.Key<Boolean> KEYED = CallOptions.Key.createWithDefault("idempotency-key", false);

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        if (method.getType() != MethodType.UNARY || method.isIdempotent() || method.isSafe()) {
            return next.newCall(method, options);
        }
        return new SimpleForwardingClientCall<>(next.newCall(method, options.withOption(KEYED, true))) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                if (!headers.containsKey(MiddlewareClient.IDEMPOTENCY_KEY)) {
                    headers.put(
                            MiddlewareClient.IDEMPOTENCY_KEY, UUID.randomUUID().toString());
                }
                super.start(listener, headers);
            }
        };
    }
}
