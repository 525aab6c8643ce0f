package io.middleware.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The time that acts go by. */
public interface Clock {

    /** In microseconds since 1970, as the records of calls count. */
    long micros();

    void sleep(Duration duration) throws InterruptedException;

    static Clock system() {
        return new Clock() {
            @Override
            public long micros() {
                Instant now = Instant.now();
                return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
