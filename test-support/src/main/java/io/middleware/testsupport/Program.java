package io.middleware.testsupport;

import java.util.List;

/**
 * A server program that a test starts, ends and freezes: a process, or a container that has this machine's network and temporary
 * files, so that ports and files are the same in both.
 */
interface Program extends AutoCloseable {

    /** Starts it, or starts it again. It is killed when this JVM ends. */
    void start();

    /** A frozen one lives. */
    boolean isAlive();

    /** SIGTERM, or SIGKILL when that takes too long or it is frozen, and returns when it is gone. */
    void stop();

    /** SIGKILL, as a crash would, and returns when it is gone. */
    void kill();

    /** It is there, and does nothing any more. */
    void freeze();

    /** Goes on after {@link #freeze}. */
    void thaw();

    /** All that it printed so far. */
    String log();

    /** The end of the log, for the message of a failure. */
    default String lastLines() {
        List<String> lines = log().lines().toList();
        return "; its last lines:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** {@link #stop}, and it cannot be started again. */
    @Override
    void close();
}
