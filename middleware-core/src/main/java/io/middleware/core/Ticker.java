package io.middleware.core;

/** A clock that only moves forward, in nanoseconds from an arbitrary start. Tests advance one by hand. */
@FunctionalInterface
public interface Ticker {
    long nanos();

    static Ticker system() {
        return System::nanoTime;
    }
}
