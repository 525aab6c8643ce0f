package io.middleware.sabotage;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.function.Predicate;

/** Removes idempotency keys before the method sees them. */
final class KeyDropper implements ServerInterceptor {

    static final Metadata.Key<String> KEY = Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);
    /** Gateways say so of an attempt that is not the first. */
    static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
            Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

    private final Predicate<Metadata> from;

    private KeyDropper(Predicate<Metadata> from) {
        this.from = from;
    }

    static KeyDropper fromAll() {
        return new KeyDropper(headers -> true);
    }

    static KeyDropper fromRetries() {
        return new KeyDropper(headers -> headers.containsKey(PREVIOUS_ATTEMPTS));
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (from.test(headers)) {
            headers.discardAll(KEY);
        }
        return next.startCall(call, headers);
    }
}
