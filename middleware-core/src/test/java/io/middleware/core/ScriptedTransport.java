package io.middleware.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Does to each attempt what the script of its instance says, and writes down the attempts. */
final class ScriptedTransport implements Transport {
    final List<TestStream> attempts = new ArrayList<>();
    final List<String> probes = new ArrayList<>();
    /** In nanoseconds, how long each probe might take. */
    final List<Long> probeLimits = new ArrayList<>();

    final List<String> retired = new ArrayList<>();
    private final ManualTime time;
    private final Chunks chunks;
    private final Map<String, Queue<Script>> next = new HashMap<>();
    private final Map<String, Script> always = new HashMap<>();
    private final Map<String, Supplier<Outcome>> probeResults = new HashMap<>();
    private final Set<String> timesOut = new HashSet<>();

    ScriptedTransport(ManualTime time, Chunks chunks) {
        this.time = time;
        this.chunks = chunks;
    }

    /** What happens to the attempts on an instance, one after another; after the last, what {@link #always} said. */
    void next(String instance, Script... scripts) {
        next.computeIfAbsent(instance, id -> new ArrayDeque<>()).addAll(List.of(scripts));
    }

    void always(String instance, Script script) {
        always.put(instance, script);
    }

    /** What probes find from now on: null for alive. */
    void probeFinds(String instance, String failure) {
        timesOut.remove(instance);
        probeResults.put(instance, () -> failure == null ? null : Outcome.unreachable(failure));
    }

    /** From now on, probes of it get no answer: they end at their limit. */
    void probeTimesOut(String instance) {
        timesOut.add(instance);
    }

    /** From now on, probes of it get no result. */
    void probeHangs(String instance) {
        timesOut.remove(instance);
        probeResults.put(instance, null);
    }

    @Override
    public TestStream open(Call call, Instance instance, long leftNanos, int before, Listener listener) {
        TestStream stream = new TestStream(time, chunks, call, instance, leftNanos, before, listener);
        attempts.add(stream);
        Queue<Script> scripted = next.get(instance.id());
        Script script = scripted == null ? null : scripted.poll();
        stream.play(script != null ? script : always.getOrDefault(instance.id(), Script.answers("World")));
        return stream;
    }

    @Override
    public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
        probes.add(instance.id());
        probeLimits.add(timeoutNanos);
        if (timesOut.contains(instance.id())) {
            time.schedule(
                    () -> result.accept(
                            Outcome.silent("no answer to a ping within " + timeoutNanos / 1_000_000 + " ms")),
                    timeoutNanos);
            return;
        }
        Supplier<Outcome> found = probeResults.getOrDefault(instance.id(), () -> null);
        if (found != null) {
            time.schedule(() -> result.accept(found.get()), 0);
        }
    }

    @Override
    public void retire(Instance instance) {
        retired.add(instance.id());
    }

    /** The ids of the instances tried, in order. */
    List<String> tried() {
        return attempts.stream().map(attempt -> attempt.instance.id()).toList();
    }

    TestStream attempt(int number) {
        return attempts.get(number - 1);
    }
}
