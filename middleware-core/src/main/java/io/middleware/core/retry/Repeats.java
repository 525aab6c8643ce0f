package io.middleware.core.retry;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.instance.ConcurrencyLimit;

/** What the repeats of a service's calls, hedges among them, may cost together, and how one call's repeats follow each other. */
public final class Repeats {
    private final RetryBudget budget;
    private final Retry retry;
    private final Settings.Hedge hedge;
    private final Settings.Limit limit;
    private final Ticker ticker;

    public Repeats(String service, Settings settings, Ticker ticker) {
        this.budget = new RetryBudget(settings.budget(), ticker);
        this.hedge = settings.hedge();
        this.limit = settings.limit();
        this.ticker = ticker;
        // what may be repeated is Failover's to decide; this counts the attempts and spaces them
        this.retry = Retry.of(
                service,
                RetryConfig.<Outcome>custom()
                        .maxAttempts(settings.attempts())
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(
                                settings.firstBackOff(), 2, 0.5, Settings.LONGEST_BACK_OFF))
                        .retryOnResult(outcome -> true)
                        .build());
    }

    public RetryBudget budget() {
        return budget;
    }

    public Ticker ticker() {
        return ticker;
    }

    /** For a method that nothing is known of yet. */
    public HedgeDelay newHedgeDelay() {
        return new HedgeDelay(hedge, ticker.nanos());
    }

    /** For an instance that nothing is known of yet. */
    public ConcurrencyLimit newLimit() {
        return new ConcurrencyLimit(limit, ticker);
    }

    /** The repeats of one call. */
    public Retry.AsyncContext<Outcome> newSeries() {
        return retry.asyncContext();
    }
}
