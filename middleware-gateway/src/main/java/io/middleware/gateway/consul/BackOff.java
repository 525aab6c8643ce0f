package io.middleware.gateway.consul;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure, drawn at random so that many who lost the same Consul do not come back together.
 *
 * <pre>wait(n) = uniform(100 ms, min(200 ms * 2^n, 2 s))   n: failures in a row before this one</pre>
 */
final class BackOff {
    static final Duration LEAST = Duration.ofMillis(100);
    static final Duration MOST = Duration.ofSeconds(2);

    private final RandomGenerator random;
    private long limit;

    BackOff(RandomGenerator random) {
        this.random = random;
        reset();
    }

    Duration next() {
        Duration wait = Duration.ofMillis(random.nextLong(LEAST.toMillis(), limit + 1));
        limit = Math.min(2 * limit, MOST.toMillis());
        return wait;
    }

    void reset() {
        limit = 2 * LEAST.toMillis();
    }
}
