package io.middleware.starter.idempotency;

import java.time.Duration;
import java.util.function.Supplier;

/** Measures the time around an application's code, without the time in it. */
final class Clocked {
    private final long begun = System.nanoTime();
    private long inside;

    <T> T run(Supplier<T> code) {
        long entered = System.nanoTime();
        try {
            return code.get();
        } finally {
            inside += System.nanoTime() - entered;
        }
    }

    Duration outside() {
        return Duration.ofNanos(System.nanoTime() - begun - inside);
    }
}
