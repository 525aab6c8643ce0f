package io.middleware.chaos.prove;

import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.FaultSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/** Breaks one part after another, in an order that a seed gives: all kinds once, then again. */
final class FaultSeries {

    /** Calls of the first seconds meet programs that are not warm yet, and are few at a time. */
    private static final Duration BEFORE_FIRST = Duration.ofSeconds(5);

    private static final int SHORTEST_MILLIS = 2_000;
    private static final int LONGEST_MILLIS = 4_000;

    private final FaultInjector injector;
    private final Clock clock;
    private final Random random;
    private final List<Fault> kinds;

    /** @param kinds those that are possible; may be none */
    FaultSeries(FaultInjector injector, Clock clock, List<Fault> kinds, long seed) {
        this.injector = injector;
        this.clock = clock;
        this.kinds = List.copyOf(kinds);
        this.random = new Random(seed);
    }

    /**
     * Plays until a fault would not fit any more, and returns what was broken when.
     *
     * @param heard gets each fault and the part, when it has happened
     */
    List<FaultSpan> play(Duration time, BiConsumer<Fault, String> heard) throws InterruptedException {
        long end = clock.micros() + micros(time);
        List<Fault> left = new ArrayList<>();
        clock.sleep(BEFORE_FIRST);
        while (!kinds.isEmpty() && clock.micros() + LONGEST_MILLIS * 1_000L < end) {
            if (left.isEmpty()) {
                left.addAll(kinds);
                Collections.shuffle(left, random);
            }
            Fault fault = left.removeFirst();
            heard.accept(fault, fault.inject(injector, random));
            clock.sleep(Duration.ofMillis(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS)));
            injector.mend();
            clock.sleep(Duration.ofMillis(random.nextInt(SHORTEST_MILLIS) / 2));
        }
        return injector.spans();
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }
}
