package io.middleware.chaos.stack;

/** The stack under test, by its commands. */
public interface Stack {

    /**
     * Runs {@code ./stack WORDS} to its end.
     *
     * @throws StackException if it failed
     */
    Done run(String... words);

    /**
     * What a command did.
     *
     * @param output   what it printed
     * @param atMicros when it last did something to the part that it names, in microseconds since 1970; 0 when it did nothing. A
     *                 command is a program that takes a while to start, and to see that it has worked
     */
    record Done(String output, long atMicros) {}

    /** A command failed; the message says which and why. */
    class StackException extends RuntimeException {
        public StackException(String message) {
            super(message);
        }
    }

    /** A command is not possible here, whatever state the stack is in. */
    final class NotPossibleException extends StackException {
        public NotPossibleException(String message) {
            super(message);
        }
    }
}
