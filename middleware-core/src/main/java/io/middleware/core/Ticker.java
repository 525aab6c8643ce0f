package io.middleware.core;

/** A clock that only moves forward, in nanoseconds from an arbitrary start; tests turn one by hand. */
@FunctionalInterface
public interface Ticker {
    long nanos();

    static Ticker system() {
        return System::nanoTime;
    }
}
