package io.middleware.chaos.stack;

import io.middleware.load.Pace;
import java.time.Duration;

/** The time in which faults begin and end. Tests turn one of their own. */
public interface Clock {

    /** Returns microseconds since 1970, as in the records of calls. */
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
