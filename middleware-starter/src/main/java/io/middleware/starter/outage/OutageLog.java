package io.middleware.starter.outage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lines about something that is away, such as a database: at most one warning in ten seconds, as otherwise each call would
 * write one, and one line when it is back.
 */
public final class OutageLog {

    private static final long QUIET = Duration.ofSeconds(10).toNanos();

    private final Consumer<String> warnings;
    private final Consumer<String> news;
    private final LongSupplier nanos;
    private final AtomicLong written;
    private final AtomicLong omitted = new AtomicLong();
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile long began;

    /** {@code nanos}: such as {@link System#nanoTime}. */
    public OutageLog(Consumer<String> warnings, Consumer<String> news, LongSupplier nanos) {
        this.warnings = warnings;
        this.news = news;
        this.nanos = nanos;
        this.written = new AtomicLong(nanos.getAsLong() - QUIET);
    }

    /** Called when something failed because of it. */
    public void warn(String text) {
        long last = written.get();
        long now = nanos.getAsLong();
        if (away.compareAndSet(false, true)) {
            began = now;
        }
        if (now - last < QUIET || !written.compareAndSet(last, now)) {
            omitted.incrementAndGet();
            return;
        }
        told.set(true);
        long before = omitted.getAndSet(0);
        warnings.accept(before == 0 ? text : text + " (and " + before + " more since the last such line)");
    }

    /** Called when something succeeded, be it away or not. {@code text}: that it is back. */
    public void over(String text) {
        if (away.get() && away.compareAndSet(true, false) && told.compareAndSet(true, false)) {
            news.accept(text + ", after "
                    + Duration.ofNanos(nanos.getAsLong() - began).toMillis() + " ms");
        }
    }
}
