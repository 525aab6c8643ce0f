package io.middleware.starter;

import java.time.Duration;

/** Lets time pass; in tests it returns at once. */
@FunctionalInterface
public interface Pause {

    void pause(Duration duration) throws InterruptedException;
}
