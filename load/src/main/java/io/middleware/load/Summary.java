package io.middleware.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The figures of a run. Calls may be added on any thread. */
public final class Summary {

    private static final int DIGITS = 3;
    private static final List<String> HEAD = List.of("calls", "count", "lost", "p50", "p99", "p99.9", "slowest");

    private static final SummaryTexts ENGLISH = new SummaryTexts("en");

    private final PriorityShare share;
    private final Histogram[] perPriority = {new ConcurrentHistogram(DIGITS), new ConcurrentHistogram(DIGITS)};
    private final long[] lostPerPriority = new long[2];
    private final Map<Kind, Histogram> latencies = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> lost = new EnumMap<>(Kind.class);
    private final Map<String, Reason> reasons = new TreeMap<>();
    private final Map<String, Long> answeredBy = new TreeMap<>();

    public Summary() {
        this(PriorityShare.ALL);
    }

    /** {@code share}: which calls asked for a lower priority; they are counted on a line of their own. */
    Summary(PriorityShare share) {
        this.share = share;
    }

    /** Adds a call. A lost call counts with the time that it took to fail. */
    public synchronized void add(CallRecord call) {
        latencies
                .computeIfAbsent(call.kind(), kind -> new ConcurrentHistogram(DIGITS))
                .recordValue(call.latencyMicros());
        int priority = share.keeps(call.callId()) ? 0 : 1;
        perPriority[priority].recordValue(call.latencyMicros());
        if (!call.reply().ok()) {
            lostPerPriority[priority]++;
        }
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

    /** Returns the cells of the table, its head first. */
    synchronized List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        latencies.forEach((kind, times) -> rows.add(cells(kind.name(), times, lost.getOrDefault(kind, 0L))));
        if (share.divides()) {
            rows.add(cells("kept", perPriority[0], lostPerPriority[0]));
            rows.add(cells("shed", perPriority[1], lostPerPriority[1]));
        }
        return rows;
    }

    private static List<String> cells(String name, Histogram times, long lost) {
        return List.of(
                name,
                Long.toString(times.getTotalCount()),
                Long.toString(lost),
                millis(times.getValueAtPercentile(50)),
                millis(times.getValueAtPercentile(99)),
                millis(times.getValueAtPercentile(99.9)),
                millis(times.getMaxValue()));
    }

    /** Returns which instances answered and why calls were lost, a line each. */
    synchronized List<String> notes(SummaryTexts texts) {
        List<String> notes = new ArrayList<>();
        notes.add(texts.answeredBy(answeredBy));
        reasons.values().forEach(reason -> notes.add(texts.lost(reason.calls, reason.example)));
        return notes;
    }

    /** Returns the latencies of all kinds of calls. */
    synchronized Histogram all() {
        Histogram all = new Histogram(DIGITS);
        latencies.values().forEach(all::add);
        return all;
    }

    /** Returns a table with a line for each kind of call, then the notes, then a histogram. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        table().forEach(row -> text.append(row(row.toArray())));
        notes(ENGLISH).forEach(note -> text.append(note).append('\n'));
        return text.append(LatencyBars.text(all())).toString();
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, "%-6s %8s %6s %10s %10s %10s %10s%n", columns);
    }

    static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }
}
