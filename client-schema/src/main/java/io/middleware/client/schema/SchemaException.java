package io.middleware.client.schema;

/** A description of services cannot be used. The message says why, and what was expected. */
public final class SchemaException extends RuntimeException {

    public SchemaException(String message) {
        super(message);
    }

    public SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
