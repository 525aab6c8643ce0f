package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Stack;

/** Calls that continue while something is broken. */
public interface Load extends AutoCloseable {

    Calls calls();

    /**
     * Returns the calls due in a period, after all of them have ended.
     *
     * @throws Stack.StackException if calls did not end, or fewer were sent than planned: figures would mean nothing
     */
    Window window(long fromMicros, long toMicros) throws InterruptedException;

    /** Returns whether it runs, and for longer than any act or row takes. */
    boolean lasts();

    /** Returns its standard error so far. */
    String errorOutput();

    @Override
    void close();
}
