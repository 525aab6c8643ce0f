package io.middleware.gateway.transport;

import io.middleware.core.Timers;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The timers of a call that is confined to an event loop. */
record LoopTimers(EventLoop loop) implements Timers {
    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Future<?> waiting = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }
}
