package io.middleware.load;

import java.util.concurrent.locks.LockSupport;

/** The time that a run goes by. */
interface Pace {

    /** In nanoseconds, from any beginning. */
    long nanos();

    /** Returns at that time, or a little later. */
    void await(long nanos);

    static Pace system() {
        return new Pace() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void await(long nanos) {
                for (long left = nanos - nanos(); left > 0; left = nanos - nanos()) {
                    LockSupport.parkNanos(left);
                }
            }
        };
    }
}
