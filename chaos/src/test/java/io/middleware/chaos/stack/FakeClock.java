package io.middleware.chaos.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A time that goes by only while somebody sleeps, in steps of 100 ms. */
public final class FakeClock implements Clock {

    private static final long STEP = 100_000;

    private final List<Runnable> steps = new ArrayList<>();
    private long now = 1_000_000;

    /** Has something done at each step. */
    public void each(Runnable step) {
        steps.add(step);
    }

    @Override
    public long micros() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        long end = now + duration.toNanos() / 1_000;
        while (now < end) {
            now = Math.min(now + STEP, end);
            steps.forEach(Runnable::run);
        }
    }
}
