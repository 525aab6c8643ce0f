package io.middleware.load;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The figures of a run. Calls may be added on any thread. */
public final class Summary {

    private static final int DIGITS = 3;

    private final Map<Kind, Histogram> latencies = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> lost = new EnumMap<>(Kind.class);
    private final Map<String, Reason> reasons = new TreeMap<>();
    private final Map<String, Long> answeredBy = new TreeMap<>();

    /** Adds a call. A lost call counts with the time that it took to fail. */
    public synchronized void add(CallRecord call) {
        latencies
                .computeIfAbsent(call.kind(), kind -> new ConcurrentHistogram(DIGITS))
                .recordValue(call.latencyMicros());
        if (call.reply().ok()) {
            answeredBy.merge(
                    call.reply().instance().isEmpty() ? "unknown" : call.reply().instance(), 1L, Long::sum);
        } else {
            lost.merge(call.kind(), 1L, Long::sum);
            String error = call.reply().error();
            reasons.merge(
                    code(error), new Reason(1, error), (known, more) -> new Reason(known.calls + 1, known.example));
        }
    }

    /** Lost calls with the same code, and the error of the first: texts differ only in numbers and names. */
    private record Reason(long calls, String example) {}

    /** Returns the start of an error, up to ": ": a gRPC or HTTP code. */
    private static String code(String error) {
        int colon = error.indexOf(": ");
        return colon < 0 ? error : error.substring(0, colon);
    }

    public synchronized long calls() {
        return latencies.values().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    public synchronized long lost() {
        return lost.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns a table with a line for each kind of call, then which instances answered and why calls were lost. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder(row("calls", "count", "lost", "p50", "p99", "p99.9", "slowest"));
        latencies.forEach((kind, times) -> text.append(row(
                kind.name(),
                times.getTotalCount(),
                lost.getOrDefault(kind, 0L),
                millis(times.getValueAtPercentile(50)),
                millis(times.getValueAtPercentile(99)),
                millis(times.getValueAtPercentile(99.9)),
                millis(times.getMaxValue()))));
        text.append("answered by ").append(answeredBy).append('\n');
        reasons.forEach((code, reason) -> text.append("lost ")
                .append(reason.calls)
                .append(reason.calls == 1 ? ": " : ", for example: ")
                .append(reason.example)
                .append('\n'));
        return text.toString();
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, "%-6s %8s %6s %10s %10s %10s %10s%n", columns);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }
}
