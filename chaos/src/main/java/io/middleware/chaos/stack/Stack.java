package io.middleware.chaos.stack;

/** The stack under test, driven by its commands. */
public interface Stack {

    /**
     * Runs {@code ./stack WORDS} and waits for its end.
     *
     * @throws StackException if it failed
     */
    Done run(String... words);

    /**
     * A command that succeeded.
     *
     * @param output   its standard output
     * @param atMicros when it last acted on the part that it names, in microseconds since 1970; 0 when it found nothing
     *                 to do. The command itself takes longer: it has to start, and to see that it worked
     */
    record Done(String output, long atMicros) {}

    /** A command failed. The message says which one, and why. */
    class StackException extends RuntimeException {
        public StackException(String message) {
            super(message);
        }
    }

    /** A command is impossible on this machine, in whatever state the stack is. */
    final class NotPossibleException extends StackException {
        public NotPossibleException(String message) {
            super(message);
        }
    }
}
