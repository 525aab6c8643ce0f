package io.middleware.chaos.stack;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where something is broken and mended, with the times of each part noted: in microseconds since 1970, as near to the deed as its
 * command tells. What is still broken at the end is mended.
 */
public final class FaultInjector implements AutoCloseable {

    private final Stack stack;
    private final Clock clock;
    private final Parts parts;
    private final Map<String, List<String>> remedies = new LinkedHashMap<>();
    private final Map<String, Long> brokenAt = new LinkedHashMap<>();
    private final Map<String, Long> mendedAt = new LinkedHashMap<>();

    public FaultInjector(Stack stack, Clock clock, Parts parts) {
        this.stack = stack;
        this.clock = clock;
        this.parts = parts;
    }

    public Parts parts() {
        return parts;
    }

    /** Runs a command that breaks a part; {@code ./stack remedy NAME} mends it. */
    public void breakPart(String name, String command, String remedy) {
        breakPart(name, List.of(command, name), List.of(remedy, name));
    }

    /** Puts a fault into force. */
    public void inject(String name, String mode) {
        breakPart(name, List.of("fault", name, mode), List.of("fault", name, "none"));
    }

    private void breakPart(String name, List<String> command, List<String> remedy) {
        // before the command: one that was interrupted may have done its work
        remedies.put(name, remedy);
        brokenAt.putIfAbsent(name, timed(command));
    }

    /** A part goes and comes back, in good order: it is never broken, and has no times. */
    public void restart(String name) {
        remedies.put(name, List.of("start", name));
        stack.run("restart", name);
        remedies.remove(name);
    }

    /** Mends what is broken, in that order, and all of it although some cannot be. */
    public void mend() {
        RuntimeException failure = null;
        for (String name : List.copyOf(remedies.keySet())) {
            try {
                mendedAt.put(name, timed(remedies.remove(name)));
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

    /** A command that found nothing to do tells the time of an earlier one, or none. */
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

    /** When each part was broken that was. */
    public Map<String, Long> brokenAt() {
        return brokenAt;
    }

    /** When the mending of each began. */
    public Map<String, Long> mendedAt() {
        return mendedAt;
    }
}
