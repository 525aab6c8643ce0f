package io.middleware.gateway.consul;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread for all that is done with Consul's responses, however many services there are. Of low priority, because calls come first
 * when Consul is back and sends a lot at once. A platform thread: virtual ones have no priority.
 */
class Worker implements Executor, AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    Worker(String name) {
        thread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .priority(Thread.MIN_PRIORITY)
                        .name(name)
                        .factory());
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Runs a task next; never, once this is closed. */
    @Override
    public final void execute(Runnable task) {
        after(Duration.ZERO, task);
    }

    /** Runs a task after a while. */
    void after(Duration delay, Runnable task) {
        try {
            thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // nobody waits for it any more
        }
    }

    @Override
    public final void close() {
        thread.shutdownNow();
    }
}
