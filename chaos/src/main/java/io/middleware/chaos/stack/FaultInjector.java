package io.middleware.chaos.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Breaks parts, mends them, and notes when: in microseconds since 1970, as close to the act as its command reports.
 * Closing it mends all that is still broken.
 */
public final class FaultInjector implements AutoCloseable {

    private final Stack stack;
    private final Clock clock;
    private final Parts parts;
    private final Map<String, List<String>> remedies = new LinkedHashMap<>();
    private final Map<String, Long> brokenAt = new LinkedHashMap<>();
    private final Map<String, Long> mendedAt = new LinkedHashMap<>();
    private final List<FaultSpan> spans = new ArrayList<>();

    public FaultInjector(Stack stack, Clock clock, Parts parts) {
        this.stack = stack;
        this.clock = clock;
        this.parts = parts;
    }

    public Parts parts() {
        return parts;
    }

    /** Breaks a part by {@code ./stack COMMAND NAME}, to be mended by {@code ./stack REMEDY NAME}. */
    public void breakPart(String name, String command, String remedy) {
        breakPart(name, List.of(command, name), List.of(remedy, name));
    }

    /** Makes a server misbehave: {@code ./stack fault NAME MODE}. */
    public void inject(String name, String mode) {
        breakPart(name, List.of("fault", name, mode), List.of("fault", name, "none"));
    }

    private void breakPart(String name, List<String> command, List<String> remedy) {
        // noted before the command runs: one that is interrupted may have done its work
        remedies.put(name, remedy);
        long at = timed(command);
        brokenAt.putIfAbsent(name, at);
        String how = command.getFirst().equals("fault") ? command.getLast() : command.getFirst();
        endSpans(name, at);
        spans.add(new FaultSpan(name, how, at, Long.MAX_VALUE));
    }

    /** Restarts a part gracefully. That breaks nothing, so no times of a break are noted. */
    public void restart(String name) {
        remedies.put(name, List.of("start", name));
        long begin = clock.micros();
        stack.run("restart", name);
        remedies.remove(name);
        spans.add(new FaultSpan(name, "restart", begin, clock.micros()));
    }

    private void endSpans(String part, long at) {
        spans.replaceAll(span -> span.part().equals(part) ? span.endingAt(at) : span);
    }

    /** Mends all that is broken, in the order in which it was broken. Goes on where a part cannot be mended. */
    public void mend() {
        RuntimeException failure = null;
        for (String name : List.copyOf(remedies.keySet())) {
            try {
                long at = timed(Objects.requireNonNull(remedies.remove(name)));
                mendedAt.put(name, at);
                endSpans(name, at);
            } catch (RuntimeException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        mend();
    }

    /** Returns when the command acted. One that found nothing to do reports an earlier time, or none. */
    private long timed(List<String> command) {
        long before = clock.micros();
        return Math.max(before, stack.run(command.toArray(String[]::new)).atMicros());
    }

    public void run(String... words) {
        stack.run(words);
    }

    public void sleep(Duration duration) throws InterruptedException {
        clock.sleep(duration);
    }

    /** Returns when each broken part was broken. */
    public Map<String, Long> brokenAt() {
        return brokenAt;
    }

    /** Returns when the mending of each part began. */
    public Map<String, Long> mendedAt() {
        return mendedAt;
    }

    /** Returns what was done to which part and until when, for pictures. */
    public List<FaultSpan> spans() {
        return List.copyOf(spans);
    }
}
