package io.middleware.core;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Where random numbers come from. Tests inject a seeded one, so that a run can be replayed exactly. */
@FunctionalInterface
public interface RandomSource {
    /** Returns the generator for the current thread. It is asked for at each use, and must not be kept. */
    RandomGenerator current();

    /** Returns a source with a generator for each thread, so that threads do not contend for one. */
    static RandomSource system() {
        return ThreadLocalRandom::current;
    }
}
