package io.middleware.starter.executions;

import java.util.List;

/** What the servers of one database have executed. */
interface ExecutionBook {

    /** A part of the book. {@code next}: where the following one begins. */
    record Page(long next, List<Execution> executions) {}

    /**
     * Writes an execution: in the transaction of this thread if there is one, so that it is there exactly if the
     * effect is, else at once.
     *
     * @throws RuntimeException if that is not possible, or not known
     */
    void write(Execution execution);

    /** Returns what was written after a page. After the last one, and for a number beyond it: an empty page. */
    Page after(long page);
}
