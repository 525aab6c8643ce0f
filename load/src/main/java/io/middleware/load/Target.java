package io.middleware.load;

import java.util.function.Consumer;

/** Where calls go. */
interface Target extends AutoCloseable {

    /** Starts a call and returns at once; {@code end} is told once, on any thread. */
    void call(String callId, Consumer<Reply> end);

    @Override
    void close();
}
