package io.middleware.client.schema;

/** A description of services that cannot be used; the message says why and what was expected. */
public final class SchemaException extends RuntimeException {

    public SchemaException(String message) {
        super(message);
    }

    public SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
