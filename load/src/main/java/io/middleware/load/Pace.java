package io.middleware.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;

/** The time that a run goes by. */
public interface Pace {

    /** In nanoseconds, from any beginning. */
    long nanos();

    /** Returns at that time or a little later, or when this thread is interrupted, which it then still is. */
    void await(long nanos);

    /** In microseconds since 1970, by the clock of this machine as it is now: other programs read it, and somebody may set it. */
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
