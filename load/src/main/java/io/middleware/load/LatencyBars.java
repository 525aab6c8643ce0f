package io.middleware.load;

import io.middleware.load.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Latencies as bars, each up to a round number: 1 ms, 2 ms, 5 ms, 10 ms and so on. */
final class LatencyBars {

    private static final int LONGEST = 40;
    private static final long SECOND = 1_000_000;
    private static final long MILLI = 1_000;

    private LatencyBars() {}

    /** Returns them from the fastest call to the slowest. */
    static List<Report.Bar> of(Histogram latencies) {
        NavigableMap<Long, Long> counts = new TreeMap<>();
        for (HistogramIterationValue value : latencies.recordedValues()) {
            counts.merge(bound(value.getValueIteratedTo()), value.getCountAddedInThisIterationStep(), Long::sum);
        }
        List<Report.Bar> bars = new ArrayList<>();
        if (!counts.isEmpty()) {
            for (long bound = counts.firstKey(); bound <= counts.lastKey(); bound = next(bound)) {
                bars.add(new Report.Bar(label(bound), counts.getOrDefault(bound, 0L)));
            }
        }
        return bars;
    }

    /** Returns them as lines; nothing when there are no calls. */
    static String text(Histogram latencies) {
        StringBuilder text = new StringBuilder();
        List<Report.Bar> bars = of(latencies);
        long most = bars.stream().mapToLong(Report.Bar::count).max().orElse(1);
        for (Report.Bar bar : bars) {
            // one sign at least: a single slow call must be seen
            int length = bar.count() == 0 ? 0 : (int) Math.max(1, bar.count() * LONGEST / most);
            text.append(String.format("%9s %-" + LONGEST + "s %d%n", bar.label(), "#".repeat(length), bar.count()));
        }
        return text.toString();
    }

    private static long bound(long micros) {
        long bound = 100;
        while (bound < micros) {
            bound = next(bound);
        }
        return bound;
    }

    /** Returns the next of 1, 2, 5, 10, 20 and so on. */
    private static long next(long bound) {
        long digit = bound;
        while (digit >= 10) {
            digit /= 10;
        }
        return digit == 2 ? bound / 2 * 5 : bound * 2;
    }

    private static String label(long bound) {
        if (bound >= SECOND) {
            return "<= " + bound / SECOND + " s";
        }
        return "<= " + (bound >= MILLI ? bound / MILLI + "" : "0." + bound / 100) + " ms";
    }
}
