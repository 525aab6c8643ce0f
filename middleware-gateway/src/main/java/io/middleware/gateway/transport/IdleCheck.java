package io.middleware.gateway.transport;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Reports a connection on which no stream was opened for a while. One timer is enough, however many streams are opened
 * and closed meanwhile. Confined to the event loop.
 */
final class IdleCheck {
    private final EventLoop loop;
    private final long nanos;
    private final Runnable onIdle;
    private long opened;
    private boolean running;

    /**
     * {@code onIdle} is run when no stream was opened for {@code nanos}; those that were opened before may still be
     * there.
     */
    IdleCheck(EventLoop loop, long nanos, Runnable onIdle) {
        this.loop = loop;
        this.nanos = nanos;
        this.onIdle = onIdle;
    }

    void streamOpened() {
        opened++;
    }

    /** Starts to wait, unless it does already. */
    void start() {
        if (!running) {
            running = true;
            schedule();
        }
    }

    private void schedule() {
        long before = opened;
        loop.schedule(() -> check(before), nanos, TimeUnit.NANOSECONDS);
    }

    private void check(long before) {
        if (opened != before) {
            schedule();
        } else {
            running = false;
            onIdle.run();
        }
    }
}
