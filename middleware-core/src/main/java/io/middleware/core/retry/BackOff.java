package io.middleware.core.retry;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.middleware.core.Outcome;
import io.middleware.core.RandomSource;
import io.middleware.core.Settings;

/**
 * Counts the attempts of each call of a service, and spaces them.
 *
 * <pre>
 * wait before retry n = min(first * 2^(n-1), longest), give or take a random half of it
 * </pre>
 *
 * The random part keeps calls that failed together from coming back together. Whether a call may be retried at all is not
 * decided here.
 */
public final class BackOff {
    private static final double JITTER = 0.5;

    private final Retry retry;
    private final IntervalFunction exponential;
    private final RandomSource random;

    public BackOff(String service, Settings settings, RandomSource random) {
        this.random = random;
        this.exponential = IntervalFunction.ofExponentialBackoff(settings.firstBackOff(), 2, Settings.LONGEST_BACK_OFF);
        this.retry = Retry.of(
                service,
                RetryConfig.<Outcome>custom()
                        .maxAttempts(settings.attempts())
                        .intervalFunction(this::millis)
                        .retryOnResult(outcome -> true)
                        .build());
    }

    /** Returns a counter for one call: its {@code onResult} returns milliseconds to wait, or a negative number for the end. */
    public Retry.AsyncContext<Outcome> newSeries() {
        return retry.asyncContext();
    }

    private long millis(int retryNumber) {
        long middle = exponential.apply(retryNumber);
        double spread = JITTER * middle;
        return (long) (middle - spread + random.current().nextDouble() * (2 * spread + 1));
    }
}
