package io.middleware.core.retry;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many hedges a service may have under way, so that a service of which all instances are slow does not get each call twice.
 *
 * <pre>
 * one more may start if  under way &lt; {@value #LEAST}, or  under way &lt; calls in flight / {@value #SHARE}
 * </pre>
 *
 * Where one instance is slow and others are not, hedges end soon, and there are few at a time. Where all are slow, hedges wait as
 * long as what they are to replace: then they pile up, and are of no use. One of three instances that stops at once may have a
 * third of the calls.
 */
public final class HedgeLimit {
    public static final int LEAST = 20;
    private static final int SHARE = 3;

    private final AtomicInteger underWay = new AtomicInteger();

    /** {@code inFlight}: calls sent to the service's instances that have not ended, hedges among them. */
    public boolean mayStart(int inFlight) {
        int now = underWay.get();
        return now < LEAST || now < inFlight / SHARE;
    }

    public void started() {
        underWay.incrementAndGet();
    }

    public void ended() {
        underWay.decrementAndGet();
    }

    public int underWay() {
        return underWay.get();
    }
}
