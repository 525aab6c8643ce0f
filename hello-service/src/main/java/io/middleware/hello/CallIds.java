package io.middleware.hello;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.stereotype.Component;

/** Provides the id of each call, which the gateway sets, to the method that runs. */
@Component
@GlobalServerInterceptor
final class CallIds implements ServerInterceptor {

    private static final Metadata.Key<String> HEADER = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> CURRENT = Context.keyWithDefault("call-id", "");

    /** Returns the id of the call that this thread runs; empty when there is none. */
    static String current() {
        return CURRENT.get();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String id = headers.get(HEADER);
        return id == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(CURRENT, id), call, headers, next);
    }
}
