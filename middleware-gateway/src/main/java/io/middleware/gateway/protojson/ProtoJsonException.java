package io.middleware.gateway.protojson;

import java.util.Objects;

/**
 * Thrown, without a stack trace, for JSON that is not a message and for a message that has no JSON. Its message names
 * the field.
 */
public class ProtoJsonException extends RuntimeException {

    public ProtoJsonException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
