package io.middleware.load;

import java.util.function.Consumer;

/** Makes calls of one kind. */
interface Target extends AutoCloseable {

    /** Starts a call and returns at once. {@code onEnd} is called once, on any thread. */
    void call(String callId, Consumer<Reply> onEnd);

    @Override
    void close();
}
