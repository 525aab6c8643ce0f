package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Gives each call without an id a random one. All attempts of a call share it, so that log lines can be matched. */
final class CallId implements ClientInterceptor {

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                if (!headers.containsKey(MiddlewareClient.CALL_ID)) {
                    headers.put(
                            MiddlewareClient.CALL_ID,
                            HexFormat.of()
                                    .toHexDigits(ThreadLocalRandom.current().nextLong()));
                }
                super.start(listener, headers);
            }
        };
    }
}
