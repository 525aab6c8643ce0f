package io.middleware.starter;

import java.time.Duration;

/** How to let time pass; a test lets none pass. */
@FunctionalInterface
public interface Pause {

    void pause(Duration duration) throws InterruptedException;
}
