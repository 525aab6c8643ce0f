package io.middleware.gateway.protojson;

import java.util.concurrent.CompletionStage;

/** Thrown for a {@code google.protobuf.Any} of a type that {@link KnownTypes} does not have. */
public final class UnknownTypeException extends ProtoJsonException {
    private final String typeName;
    private final transient KnownTypes types;

    UnknownTypeException(String message, String typeName, KnownTypes types) {
        super(message);
        this.typeName = typeName;
        this.types = types;
    }

    /** Returns the full name of the message type. */
    public String typeName() {
        return typeName;
    }

    /** Tries to come to know the type; see {@link KnownTypes#learn}. */
    public CompletionStage<Boolean> learn() {
        return types.learn(typeName);
    }
}
