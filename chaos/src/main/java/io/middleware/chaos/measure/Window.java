package io.middleware.chaos.measure;

import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The calls due in a period, and their figures. Times are in microseconds, as in the records. */
public record Window(List<CallRecord> calls) {

    private static final long LONG = 100_000;

    /** Returns the idempotent calls. To lose one is a defect. */
    public Window idempotent() {
        return filter(call -> call.kind() != Kind.SIGN && call.kind() != Kind.KEYED);
    }

    public Window ofKind(Kind kind) {
        return filter(call -> call.kind() == kind);
    }

    /** Returns the calls due from {@code fromMicros} on and before {@code toMicros}. */
    Window dueIn(long fromMicros, long toMicros) {
        return filter(call -> call.dueMicros() >= fromMicros && call.dueMicros() < toMicros);
    }

    public Window lost() {
        return filter(call -> !call.reply().ok());
    }

    /** Returns different errors of lost calls, {@code most} of them at most. */
    public List<String> lostBecause(int most) {
        return lost().calls.stream()
                .map(call -> call.reply().error())
                .distinct()
                .limit(most)
                .toList();
    }

    public int count() {
        return calls.size();
    }

    /** Returns the longest latency; 0 when there are no calls. */
    public long slowest() {
        return calls.stream().mapToLong(CallRecord::latencyMicros).max().orElse(0);
    }

    /** Returns the percentile by nearest rank; 0 when there are no calls. */
    public long percentile(double percent) {
        long[] sorted =
                calls.stream().mapToLong(CallRecord::latencyMicros).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100) - 1)];
    }

    /** Counts the calls of more than 100 ms. */
    public long over100ms() {
        return calls.stream().filter(call -> call.latencyMicros() > LONG).count();
    }

    /** Returns the mean number of attempts of those calls whose response states it. */
    public double attemptsPerCall() {
        return calls.stream()
                .filter(call -> call.reply().attempts() > 0)
                .mapToInt(call -> call.reply().attempts())
                .average()
                .orElse(0);
    }

    /** Counts the successful calls of each instance, by its name. */
    public Map<String, Long> respondedBy() {
        Map<String, Long> counts = new TreeMap<>();
        calls.stream()
                .filter(call -> call.reply().ok())
                .forEach(call -> counts.merge(call.reply().instance(), 1L, Long::sum));
        return counts;
    }

    /** Returns when the first successful response came from an instance, or through a gateway; empty when none did. */
    public OptionalLong firstSuccess(String name) {
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
