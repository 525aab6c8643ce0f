package io.middleware.client.cli;

/** An argument of the user cannot be used. The message says what was expected. */
final class WrongUseException extends RuntimeException {

    WrongUseException(String message) {
        super(message);
    }

    WrongUseException(String message, Throwable cause) {
        super(message, cause);
    }
}
