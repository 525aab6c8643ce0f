package io.middleware.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * Flushes a connection once for all that was written to it while the event loop handled what it had read: many streams,
 * one system call. Confined to the connection's event loop.
 */
public final class FlushBatch implements Runnable {
    private final Channel connection;
    private boolean due;

    public FlushBatch(Channel connection) {
        this.connection = connection;
    }

    public EventLoop loop() {
        return connection.eventLoop();
    }

    /** Flushes when the event loop is done with what is at hand. */
    public void soon() {
        if (!due) {
            due = true;
            loop().execute(this);
        }
    }

    @Override
    public void run() {
        due = false;
        connection.flush();
    }
}
