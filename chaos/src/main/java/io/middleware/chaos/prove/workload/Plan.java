package io.middleware.chaos.prove.workload;

import io.middleware.chaos.prove.history.Kind;
import java.time.Duration;
import java.util.Random;

/**
 * What one operation is to do, as drawn by the seed.
 *
 * @param http       whether by HTTP, else by gRPC
 * @param atOnce     number of submissions that are sent at the same time
 * @param again      whether it is submitted again with the same key although its caller has the response
 * @param againAfter how long after the response
 */
record Plan(Kind kind, boolean http, int atOnce, boolean again, Duration againAfter) {

    private static final int LONGEST_PAUSE_MILLIS = 2_000;

    /** Draws one. {@code keys}, {@code marked}: whether there are such calls. */
    static Plan draw(Random random, boolean keys, boolean marked) {
        // all are drawn, so that the same seed gives the same plans whatever the first ones are used for
        int kind = random.nextInt(100);
        boolean http = random.nextBoolean();
        boolean race = random.nextInt(10) == 0;
        boolean again = random.nextInt(3) == 0;
        Duration after = Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS));
        if (marked && kind < 10) {
            return new Plan(Kind.MARKED, http, 1, false, Duration.ZERO);
        }
        if (!keys || kind < 50) {
            return new Plan(Kind.UNMARKED, http, 1, false, Duration.ZERO);
        }
        return new Plan(Kind.KEYED, http, race ? 2 : 1, again, after);
    }
}
