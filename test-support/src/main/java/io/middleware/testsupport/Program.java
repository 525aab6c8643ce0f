package io.middleware.testsupport;

import java.util.List;

/**
 * A server program that a test starts, ends and freezes. It is a process, or a container with this machine's network
 * and temporary files, so that ports and files are the same for both.
 */
interface Program extends AutoCloseable {

    /** Starts it, the first time or again. It is killed when this JVM ends. */
    void start();

    /** Returns whether it lives; a frozen program does. */
    boolean isAlive();

    /** Sends SIGTERM, or SIGKILL when that takes too long or it is frozen, and returns when it has ended. */
    void stop();

    /** Sends SIGKILL, as in a crash, and returns when it has ended. */
    void kill();

    /** Freezes it: it exists, but does nothing. */
    void freeze();

    /** Continues it after {@link #freeze}. */
    void thaw();

    /** Returns its output so far. */
    String log();

    /** Returns the end of the log, for the message of a failure. */
    default String lastLines() {
        List<String> lines = log().lines().toList();
        return "; its last lines:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** Stops it for good: it cannot be started again. */
    @Override
    void close();
}
