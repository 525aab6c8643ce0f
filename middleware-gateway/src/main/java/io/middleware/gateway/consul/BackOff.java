package io.middleware.gateway.consul;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Draws the wait after a failure at random, so that many clients of one Consul do not come back together.
 *
 * <pre>wait(n) = uniform(100 ms, min(200 ms * 2^n, 2 s))   n: failures in a row before this one</pre>
 */
final class BackOff {
    static final Duration MIN = Duration.ofMillis(100);
    static final Duration MAX = Duration.ofSeconds(2);

    private final RandomGenerator random;
    private long limit;

    BackOff(RandomGenerator random) {
        this.random = random;
        reset();
    }

    Duration next() {
        Duration wait = Duration.ofMillis(random.nextLong(MIN.toMillis(), limit + 1));
        limit = Math.min(2 * limit, MAX.toMillis());
        return wait;
    }

    void reset() {
        limit = 2 * MIN.toMillis();
    }
}
