package io.middleware.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Shows how a run goes: how far it is, the rate, lost calls, and latencies since the last time. On a terminal it
 * rewrites one line; elsewhere it prints a line now and then.
 */
final class Progress implements AutoCloseable {

    private static final int DIGITS = 3;
    private static final int BAR = 20;
    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);
    /** Goes back to the start of the line and clears it. */
    private static final String REWRITE = "\r\u001b[K";

    private final PrintWriter out;
    private final int columns;
    private final Duration whole;
    private final Recorder latencies = new Recorder(DIGITS);
    private final LongAdder lost = new LongAdder();
    private final long begin = System.nanoTime();
    private final Thread writer;

    /** @param columns width of the terminal that {@code out} is; 0 where it is none */
    Progress(PrintWriter out, int columns, Duration whole) {
        this.out = out;
        this.columns = columns;
        this.whole = whole;
        this.writer = Thread.ofVirtual().start(this::write);
    }

    void add(CallRecord call) {
        latencies.recordValue(call.latencyMicros());
        if (!call.reply().ok()) {
            lost.increment();
        }
    }

    private void write() {
        long last = begin;
        try {
            while (true) {
                Thread.sleep(columns > 0 ? ON_TERMINAL : ELSEWHERE);
                long now = System.nanoTime();
                String line = line(
                        Duration.ofNanos(now - begin),
                        whole,
                        latencies.getIntervalHistogram(),
                        Duration.ofNanos(now - last),
                        lost.sum());
                last = now;
                if (columns > 0) {
                    out.print(REWRITE + line.substring(0, Math.min(line.length(), columns - 1)));
                } else {
                    out.println(line);
                }
                out.flush();
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns {@code [####------]   9 s of 20 s    300/s  0 lost  p50 2.1 ms  p99 8.4 ms}. */
    static String line(Duration elapsed, Duration whole, Histogram recent, Duration since, long lost) {
        double share = Math.min(1, (double) elapsed.toNanos() / Math.max(1, whole.toNanos()));
        int done = (int) (share * BAR);
        String line = String.format(
                Locale.ROOT,
                "[%s%s] %3d s of %d s %6.0f/s  %d lost",
                "#".repeat(done),
                "-".repeat(BAR - done),
                elapsed.toSeconds(),
                Math.ceilDiv(whole.toMillis(), 1_000),
                recent.getTotalCount() * 1e9 / Math.max(1, since.toNanos()),
                lost);
        return recent.getTotalCount() == 0
                ? line
                : line + "  p50 " + Summary.millis(recent.getValueAtPercentile(50)) + "  p99 "
                        + Summary.millis(recent.getValueAtPercentile(99));
    }

    /** Ends it and clears the line of the terminal, for the figures. */
    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (columns > 0) {
            out.print(REWRITE);
            out.flush();
        }
    }
}
