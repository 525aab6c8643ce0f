package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.Stack;
import java.time.Duration;

/** Lets a load run before it is measured: JVMs that have just started are slow for a while. */
final class WarmUp {

    private static final Duration STEP = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final long WARM_P99_MICROS = 50_000;

    private WarmUp() {}

    /**
     * Returns when 99 % of the calls of the last three seconds took less than 50 ms, or after 40 s, as a machine may be
     * slower. Does not return before {@code least}: at few calls a second it takes long until all code on their path is
     * compiled.
     *
     * @throws Stack.StackException if the load generator sends nothing
     */
    static void await(Load load, Clock clock, Duration least) throws InterruptedException {
        long begin = clock.micros();
        Window recent;
        do {
            clock.sleep(STEP);
            long now = clock.micros();
            recent = new Window(load.calls().due(now - micros(STEP), now));
        } while (load.lasts()
                && (clock.micros() < begin + micros(least)
                        || clock.micros() < begin + micros(LONGEST) && cold(recent)));
        if (recent.count() == 0) {
            throw new Stack.StackException("The load generator made no calls: " + load.errorOutput());
        }
    }

    private static boolean cold(Window recent) {
        return recent.count() == 0 || recent.percentile(99) > WARM_P99_MICROS;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
