package io.middleware.chaos.stack;

import io.middleware.load.Pace;
import java.time.Duration;

/** The time that acts go by. */
public interface Clock {

    /** In microseconds since 1970, as the records of calls count. */
    long micros();

    void sleep(Duration duration) throws InterruptedException;

    static Clock system() {
        Pace pace = Pace.system();
        return new Clock() {
            @Override
            public long micros() {
                return pace.micros();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
