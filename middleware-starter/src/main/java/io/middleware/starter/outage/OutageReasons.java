package io.middleware.starter.outage;

import java.time.Duration;

/**
 * Which reasons of an outage get a line in the log: that of its beginning; the first other one at once, as an outage often begins with
 * a broken connection and only the next try says why; later ones at most once a minute. Confined to one thread, or a lock.
 */
public final class OutageReasons {
    private static final long BETWEEN_LINES = Duration.ofMinutes(1).toNanos();

    private String told = "";
    private boolean toldAnother;
    private long toldAt;

    /** Called when an outage begins. Its line has the reason. */
    public void begin(String reason) {
        told = reason;
        toldAnother = false;
    }

    /** Returns whether a reason deserves a line while the outage lasts. If so, it is told from now on. */
    public boolean deservesLine(String reason, long nanos) {
        if (reason.equals(told) || toldAnother && nanos - toldAt <= BETWEEN_LINES) {
            return false;
        }
        told = reason;
        toldAnother = true;
        toldAt = nanos;
        return true;
    }
}
