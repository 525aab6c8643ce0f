package io.middleware.chaos;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where something is broken and mended, with the times noted. What is broken at the end is mended by {@link #putBack}. */
public final class Stage {

    private final Stack stack;
    private final Clock clock;
    private final Parts parts;
    private final Map<String, List<String>> remedies = new LinkedHashMap<>();
    private final Set<String> affected = new LinkedHashSet<>();
    private long brokenAt;
    private long mendedAt;

    public Stage(Stack stack, Clock clock, Parts parts) {
        this.stack = stack;
        this.clock = clock;
        this.parts = parts;
    }

    public Parts parts() {
        return parts;
    }

    /** Runs a command that breaks a part; {@code ./stack remedy NAME} mends it. */
    public void breaks(String name, String command, String remedy) {
        breaks(name, List.of(command, name), List.of(remedy, name));
    }

    /** Puts a fault into force. */
    public void faults(String name, String mode) {
        breaks(name, List.of("fault", name, mode), List.of("fault", name, "none"));
    }

    /** Runs a command that breaks a part; {@code remedy} is the command that mends it. */
    public void breaks(String name, List<String> command, List<String> remedy) {
        if (brokenAt == 0) {
            brokenAt = clock.micros();
        }
        affected.add(name);
        // before the command: one that was interrupted may have done its work
        remedies.put(name, remedy);
        stack.run(command.toArray(String[]::new));
    }

    /** Mends what was broken, in that order. */
    public void mends() {
        mendedAt = clock.micros();
        putBack();
    }

    /** Mends what is still broken. */
    public void putBack() {
        for (String name : List.copyOf(remedies.keySet())) {
            stack.run(remedies.get(name).toArray(String[]::new));
            remedies.remove(name);
        }
    }

    public void run(String... words) {
        stack.run(words);
    }

    public void waits(Duration duration) throws InterruptedException {
        clock.sleep(duration);
    }

    /** The parts that were broken. */
    public Set<String> affected() {
        return affected;
    }

    /** When the first was broken; 0 if none was. */
    public long brokenAt() {
        return brokenAt;
    }

    /** When the mending began; 0 if it did not. */
    public long mendedAt() {
        return mendedAt;
    }
}
