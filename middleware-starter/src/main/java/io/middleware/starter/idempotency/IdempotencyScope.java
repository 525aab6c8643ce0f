package io.middleware.starter.idempotency;

import io.grpc.Metadata;

/**
 * Tells whose keys are whose: equal keys in different scopes have nothing to do with each other. By default the caller
 * that the gateway names. A bean of this type replaces that, such as one that returns the user of Spring Security.
 */
@FunctionalInterface
public interface IdempotencyScope {

    /** Returns the caller of a call with these headers; empty if it is not known. Called on the call's own thread. */
    String of(Metadata headers);

    /** Returns the scope by the caller's name that gateways set. */
    static IdempotencyScope byGateway() {
        Metadata.Key<String> caller = Metadata.Key.of("middleware-caller", Metadata.ASCII_STRING_MARSHALLER);
        return headers -> {
            String name = headers.get(caller);
            return name == null ? "" : name;
        };
    }
}
