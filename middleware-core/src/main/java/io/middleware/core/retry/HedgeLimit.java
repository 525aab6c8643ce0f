package io.middleware.core.retry;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the hedges of a service in flight, so that a service whose instances are all slow does not get each call twice.
 *
 * <pre>
 * one more may start if  hedges in flight &lt; {@value #LEAST}, or  hedges in flight &lt; calls in flight / {@value #SHARE}
 * </pre>
 *
 * If one instance is slow, hedges at the others end soon, and few are in flight. If all are slow, hedges wait as long as the
 * attempts that they should replace: they pile up, and are of no use. The share is a third because one of three instances that
 * stops responding may have a third of the calls.
 */
public final class HedgeLimit {
    public static final int LEAST = 20;
    private static final int SHARE = 3;

    private final AtomicInteger underWay = new AtomicInteger();

    /** Returns whether one more may start; {@code inFlight}: calls in flight at the service's instances, including hedges. */
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
