package io.middleware.chaos.measure;

import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Calls that were due in a time, and what is to be said of them. Times are in microseconds, as in the records. */
public record Window(List<CallRecord> calls) {

    private static final long LONG = 100_000;

    /** Those that may be repeated: a lost one is a defect. */
    public Window repeatable() {
        return filter(call -> call.kind() != Kind.SIGN);
    }

    public Window ofKind(Kind kind) {
        return filter(call -> call.kind() == kind);
    }

    public Window lost() {
        return filter(call -> !call.reply().ok());
    }

    public int count() {
        return calls.size();
    }

    /** 0 when there are none. */
    public long slowest() {
        return calls.stream().mapToLong(CallRecord::latencyMicros).max().orElse(0);
    }

    /** By nearest rank: the least value that is not below {@code percent} of all; 0 when there are none. */
    public long percentile(double percent) {
        long[] sorted =
                calls.stream().mapToLong(CallRecord::latencyMicros).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100) - 1)];
    }

    /** Calls of more than 100 ms. */
    public long over100ms() {
        return calls.stream().filter(call -> call.latencyMicros() > LONG).count();
    }

    /** Attempts that the gateways made, for each answer that says how many. */
    public double attemptsPerCall() {
        return calls.stream()
                .filter(call -> call.reply().attempts() > 0)
                .mapToInt(call -> call.reply().attempts())
                .average()
                .orElse(0);
    }

    /** How many each one answered, by the name of the instance. */
    public Map<String, Long> answeredBy() {
        Map<String, Long> counts = new TreeMap<>();
        calls.stream()
                .filter(call -> call.reply().ok())
                .forEach(call -> counts.merge(call.reply().instance(), 1L, Long::sum));
        return counts;
    }

    /** When the first answer came from an instance, or by way of a gateway; empty when none did. */
    public OptionalLong firstAnswer(String name) {
        return calls.stream()
                .filter(call -> call.reply().ok())
                .filter(call -> call.reply().instance().equals(name)
                        || call.reply().gateway().equals(name))
                .mapToLong(CallRecord::endMicros)
                .min();
    }

    private Window filter(Predicate<CallRecord> which) {
        return new Window(calls.stream().filter(which).toList());
    }
}
