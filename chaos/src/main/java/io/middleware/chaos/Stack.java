package io.middleware.chaos;

/** The stack under test, by its commands. */
public interface Stack {

    /**
     * Runs {@code ./stack WORDS} to its end.
     *
     * @return what it printed
     * @throws StackException if it failed
     */
    String run(String... words);

    /** A command failed; the message says which and why. */
    final class StackException extends RuntimeException {
        public StackException(String message) {
            super(message);
        }
    }
}
