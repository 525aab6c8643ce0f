package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Stack;

/** Calls that go on while something is broken. */
public interface Load extends AutoCloseable {

    Calls calls();

    /**
     * The calls that were due in a time, each of which has ended.
     *
     * @throws Stack.StackException if calls did not end, or fewer were sent than planned: the figures mean nothing
     */
    Window window(long fromMicros, long toMicros) throws InterruptedException;

    /** Whether it goes on, and for longer than any act or row takes. */
    boolean lasts();

    /** What it said on standard error. */
    String told();

    @Override
    void close();
}
