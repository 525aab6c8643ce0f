package io.middleware.core;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;

/** What the repeats of a service's calls may cost together, and how one call's repeats follow each other. */
public final class Repeats {
    private final RetryBudget budget;
    private final Retry retry;

    Repeats(String service, Settings settings, Ticker ticker) {
        this.budget = new RetryBudget(settings.budget(), ticker);
        // what may be repeated is Failover's to decide; this counts the attempts and spaces them
        this.retry = Retry.of(service, RetryConfig.<Outcome>custom()
                .maxAttempts(settings.attempts())
                .intervalFunction(
                        IntervalFunction.ofExponentialRandomBackoff(settings.firstBackOff(), 2, 0.5, Settings.LONGEST_BACK_OFF))
                .retryOnResult(outcome -> true)
                .build());
    }

    public RetryBudget budget() {
        return budget;
    }

    /** The repeats of one call. */
    Retry.AsyncContext<Outcome> newSeries() {
        return retry.asyncContext();
    }
}
