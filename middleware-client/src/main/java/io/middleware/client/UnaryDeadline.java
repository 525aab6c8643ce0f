package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.time.Duration;

/** Gives unary calls without a deadline a default one. Streams may last as long as they like. */
record UnaryDeadline(Duration deadline) implements ClientInterceptor {

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        boolean needed = method.getType() == MethodType.UNARY && options.getDeadline() == null;
        return next.newCall(method, needed ? options.withDeadlineAfter(deadline) : options);
    }
}
