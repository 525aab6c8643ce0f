package io.middleware.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;

/** The clock of a run. */
public interface Pace {

    /** Returns nanoseconds from an arbitrary origin. */
    long nanos();

    /** Waits until that time, or until this thread is interrupted; its interrupt status stays set. */
    void await(long nanos);

    /** Returns microseconds since 1970 by the wall clock, which other programs share, but which may be set. */
    long micros();

    static Pace system() {
        return new Pace() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void await(long nanos) {
                for (long left = nanos - nanos();
                        left > 0 && !Thread.currentThread().isInterrupted();
                        left = nanos - nanos()) {
                    LockSupport.parkNanos(left);
                }
            }

            @Override
            public long micros() {
                return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            }
        };
    }
}
