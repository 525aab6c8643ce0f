package io.middleware.gateway.protojson;

/** Thrown for a {@code google.protobuf.Any} of a type that {@link KnownTypes} does not have. */
public final class UnknownTypeException extends ProtoJsonException {
    private final String typeName;

    UnknownTypeException(String message, String typeName) {
        super(message);
        this.typeName = typeName;
    }

    /** Returns the full name of the message type. */
    public String typeName() {
        return typeName;
    }
}
