package io.middleware.core.call;

import io.middleware.core.Counts;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.record.CallRecord;

/** Enters one attempt into the account of its instance: calls in flight, latency, hedges, and evidence for outlier detection. */
final class InstanceAccount {
    /** Says that the server gives a response again which it has kept for the call's idempotency key. */
    private static final String REPLAYED = "idempotency-replayed";

    private final Instance instance;
    private final Service service;
    private final OutlierDetector outliers;
    private final AttemptTiming timing;
    private final CallRecord record;
    private final int number;
    private final boolean keyed;
    private boolean hedge;
    private boolean responded;
    private boolean pinged;
    private long pingedAt;

    /** {@code hedge}: the attempt is started because another has not responded. {@code number}: of the attempt, from 1. */
    InstanceAccount(AttemptContext context, Instance instance, boolean hedge, int number) {
        this.record = context.record();
        this.keyed = context.call().idempotencyKey();
        this.number = number;
        this.instance = instance;
        this.service = context.service();
        this.outliers = context.dependencies().outliers();
        this.hedge = hedge;
        this.timing = new AttemptTiming(
                instance,
                context.method().traits().unary(),
                context.method().hedgeDelay(),
                context.deadline(),
                context.dependencies().ticker());
    }

    /** Returns the number of the attempt, from 1. */
    int number() {
        return number;
    }

    Instance instance() {
        return instance;
    }

    AttemptTiming timing() {
        return timing;
    }

    /** Called when the attempt begins. {@code requestIsWhole}: what is sent first is all of the request. */
    void begin(boolean requestIsWhole) {
        timing.behind(instance.begin(timing.unary()));
        if (requestIsWhole) {
            timing.requestIsWhole();
        }
    }

    /** Called when the response has begun. */
    void onResponse(Headers headers) {
        responded = true;
        record.responded(number, isReplay(headers));
    }

    /** Called when the response has ended. An error that is replayed has nothing but trailers. */
    void onTrailers(Headers trailers) {
        if (!responded && isReplay(trailers)) {
            onResponse(trailers);
        }
    }

    private boolean isReplay(Headers headers) {
        return keyed && headers.get(REPLAYED) != null;
    }

    boolean responded() {
        return responded;
    }

    /** Returns whether the instance has been silent for so long that waiting is useless. */
    boolean lost() {
        return timing.unary() && timing.asked() && !responded && instance.lost();
    }

    /** Called when the response is overdue. */
    void overdue(long now) {
        timing.slow(now);
        if (!responded) {
            outliers.silent(instance);
            if (!pinged) {
                pinged = true;
                pingedAt = now;
            }
        }
    }

    /** Counts how the attempt ended, once, if it is a hedge. */
    void hedgeEnded(Counts.Hedge became) {
        if (hedge) {
            hedge = false;
            service.hedges().ended();
            service.counts().hedge(became);
        }
    }

    /** Called when the attempt has ended, once. */
    void end(Outcome outcome) {
        record.ended(number, pinged ? OutlierDetector.aliveAfter(instance, pingedAt) : null, outcome);
        instance.end(timing.unary());
        service.counts().attempted(outcome);
        timing.ended(outcome);
        outliers.attempted(instance, outcome);
    }
}
