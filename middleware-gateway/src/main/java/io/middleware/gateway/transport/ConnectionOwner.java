package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import org.jspecify.annotations.Nullable;

/** Gets the events of a connection. */
interface ConnectionOwner {
    /** Returns how many streams wait for a connection. */
    int waiting();

    /** Called when a stream may fit: the settings arrived or changed, or a stream has ended. */
    void onRoom();

    /**
     * Called when the connection takes no more streams.
     *
     * @param outcome why the streams that wait find none; null if the connection is draining
     */
    void onLeft(Connection connection, @Nullable Outcome outcome);

    /** Called when a connection that was ready takes no more streams, unless it was not needed. */
    void onEnded();

    /** Called when a connection that was ready was lost. */
    void onBroken();

    /** Called when the connection had no stream for a while. */
    void onIdle(Connection connection);
}
