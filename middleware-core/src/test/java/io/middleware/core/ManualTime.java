package io.middleware.core;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock turned by hand, and the timers that go by it: what is due runs in order, each at its own moment. */
final class ManualTime implements Ticker, Timers {
    // starts below zero, as System.nanoTime() may, and passes it on the way
    private long now = -Duration.ofSeconds(3).toNanos();
    private long scheduled;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));

    private record Task(long due, long number, Runnable run) {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Timer schedule(Runnable run, long delayNanos) {
        Task task = new Task(now + delayNanos, scheduled++, run);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Runs what is due at this very moment. */
    void runDue() {
        advance(Duration.ZERO);
    }

    void advance(Duration by) {
        long end = now + by.toNanos();
        while (!tasks.isEmpty() && tasks.peek().due <= end) {
            Task task = tasks.poll();
            now = Math.max(now, task.due);
            task.run.run();
        }
        now = end;
    }

    /** Moves the clock without running what became due, as on a machine that is busy elsewhere. */
    void stall(Duration by) {
        now += by.toNanos();
    }

    int waiting() {
        return tasks.size();
    }
}
