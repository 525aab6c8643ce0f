package io.middleware.starter.idempotency.jdbc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Warnings about a database that is away: at most one in ten seconds, as otherwise each call would write one. */
final class OutageLog {

    private static final long QUIET = Duration.ofSeconds(10).toNanos();

    private final Consumer<String> log;
    private final LongSupplier nanos;
    private final AtomicLong written;
    private final AtomicLong omitted = new AtomicLong();

    /** @param nanos such as {@link System#nanoTime} */
    OutageLog(Consumer<String> log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        this.written = new AtomicLong(nanos.getAsLong() - QUIET);
    }

    void warn(String text) {
        long last = written.get();
        long now = nanos.getAsLong();
        if (now - last < QUIET || !written.compareAndSet(last, now)) {
            omitted.incrementAndGet();
            return;
        }
        long before = omitted.getAndSet(0);
        log.accept(before == 0 ? text : text + " (and " + before + " more since the last such line)");
    }
}
