package io.middleware.client.cli;

/** Something the user gave cannot be used; the message says what was expected. */
final class WrongUseException extends RuntimeException {

    WrongUseException(String message) {
        super(message);
    }

    WrongUseException(String message, Throwable cause) {
        super(message, cause);
    }
}
