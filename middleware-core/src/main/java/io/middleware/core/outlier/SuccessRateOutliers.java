package io.middleware.core.outlier;

import io.middleware.core.Counts.Cause;
import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.OutcomeCounts;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds the instance that fails calls which succeed at its peers. Errors can return instantly, so such an instance looks idle and
 * fast, and attracts calls. A caller's fault fails at all instances alike, and makes none of them an outlier.
 *
 * <pre>
 * peers      all others of the same service and pool
 * window     begins with a failure of the instance, ends after {@value OutcomeCounts#WINDOW} outcomes or {@value #LONGEST_SECONDS} s
 * n, f       outcomes and failures of the instance in its window;  N, F  those of its peers in the same time
 * X          failures that n calls would see at the peers: beta-binomial with n, F + 1, N - F + 1
 * outlier    if f / n &gt;= (F + 1) / (N + 2) + {@value #LEAST_GAP}, and P(X &gt;= f) &lt; {@value #UNLIKELY};
 *            not for n &lt; {@value #LEAST_IF_REJECTED} if the last attempt rejected its request
 * on trial   if P(X &gt;= f) &lt; {@value #UNLIKELY_ON_TRIAL}, for n and f since its return, N and F since its ejection
 * at most    half of a pool is ejected in this way
 * </pre>
 *
 * Beside two peers that do not fail, eight failures in a row are enough. If the peers had no calls meanwhile, no number is.
 *
 * <p>Sources: the success rate algorithm of Envoy's outlier detection and of gRFC A50, which ejects below
 * {@code mean - 1.9 * stdev}. That threshold is negative for one broken instance of three (mean 67 %, deviation 47 %), as its own
 * failures widen the deviation. So it is compared with the others only, in the same time and, as few calls have to be enough, by
 * the posterior predictive distribution of their failures instead of a normal one: A. Gelman et al., "Bayesian Data Analysis", 2.1,
 * with a uniform prior, as in Laplace's rule of succession.
 */
public final class SuccessRateOutliers {
    static final double LEAST_GAP = 0.2;
    static final double UNLIKELY = 1e-6;
    static final double UNLIKELY_ON_TRIAL = 0.05;

    private static final int LEAST_IF_REJECTED = 20;
    private static final int LEAST_OF_PEERS = 5;
    private static final int LONGEST_SECONDS = 60;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);

    private final Ticker ticker;

    SuccessRateOutliers(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Records a failure, and returns whether the instance is an outlier now. */
    boolean found(Instance instance, Outcome failure) {
        Comparison counts = Comparison.of(instance);
        boolean over = ticker.nanos() - instance.outcomes().window().since() > LONGEST;
        if (over
                || counts.outcomes > OutcomeCounts.WINDOW
                || !counts.comparable()
                || counts.window == OutcomeCounts.Window.NONE) {
            instance.outcomes().openWindow(peers(instance), ticker.nanos());
            return false;
        }
        return (!failure.blamesRequest() || counts.outcomes >= LEAST_IF_REJECTED) && counts.outlier();
    }

    /** Returns the same for an instance on trial: less evidence is enough, as it has failed before. */
    boolean failedAgain(Instance instance) {
        Comparison counts = Comparison.of(instance);
        return counts.comparable() && counts.tail() < UNLIKELY_ON_TRIAL;
    }

    /** Called when it is ejected. Its own next window begins when it is back; that of its peers begins now. */
    void ejected(Instance instance) {
        instance.outcomes().openEmptyWindow(peers(instance), ticker.nanos());
    }

    /** Returns whether its peers fail at least half as often: then the cause is not this instance. */
    boolean peersFailToo(Instance instance) {
        Comparison counts = Comparison.of(instance);
        return counts.ofPeers >= LEAST_OF_PEERS
                && counts.failuresOfPeers > 0
                && 2.0 * counts.failuresOfPeers / counts.ofPeers
                        >= (double) counts.failures / Math.max(1, counts.outcomes);
    }

    /** Returns whether one more of this instance's pool may be ejected as an outlier. */
    static boolean mayEject(Instance instance) {
        int pool = 0;
        int ejected = 0;
        for (Instance other : instance.group().instances()) {
            if (other.pool() == instance.pool() && other.usable()) {
                pool++;
                ejected += isEjectedAsOutlier(other) ? 1 : 0;
            }
        }
        return 2 * (ejected + 1) <= pool;
    }

    static boolean isEjectedAsOutlier(Instance instance) {
        return instance.health() instanceof Health.Ejected ejection && ejection.cause() == Cause.OUTLIER;
    }

    /** Returns the probability of at least {@code failures} in {@code of} calls, given the failures and outcomes of the peers. */
    static double tail(int failures, int of, int failuresOfPeers, int outcomesOfPeers) {
        double bad = failuresOfPeers + 1.0;
        double good = outcomesOfPeers - failuresOfPeers + 1.0;
        double probability = 1;
        for (int i = 0; i < of; i++) {
            probability *= (good + i) / (bad + good + i);
        }
        double sum = failures == 0 ? probability : 0;
        for (int k = 1; k <= of; k++) {
            probability *= (of - k + 1) * (bad + k - 1) / (k * (good + of - k));
            sum += k >= failures ? probability : 0;
        }
        return sum;
    }

    private static long peers(Instance instance) {
        long sum = 0;
        List<Instance> all = instance.group().instances();
        for (int i = 0; i < all.size(); i++) {
            Instance other = all.get(i);
            sum += other != instance && other.pool() == instance.pool()
                    ? other.outcomes().all()
                    : 0;
        }
        return sum;
    }

    record Comparison(OutcomeCounts.Window window, int failures, int outcomes, int failuresOfPeers, int ofPeers) {
        static Comparison of(Instance instance) {
            OutcomeCounts.Window window = instance.outcomes().window();
            long own = instance.outcomes().all() - window.own();
            long peers = peers(instance) - window.peers();
            return new Comparison(
                    window,
                    OutcomeCounts.failures(own),
                    OutcomeCounts.outcomes(own),
                    OutcomeCounts.failures(peers),
                    OutcomeCounts.outcomes(peers));
        }

        /** Returns false if a peer has left, and its counts with it. */
        boolean comparable() {
            return failuresOfPeers >= 0 && ofPeers >= failuresOfPeers;
        }

        boolean outlier() {
            return (double) failures / outcomes >= (failuresOfPeers + 1.0) / (ofPeers + 2) + LEAST_GAP
                    && tail() < UNLIKELY;
        }

        double tail() {
            return SuccessRateOutliers.tail(failures, outcomes, failuresOfPeers, ofPeers);
        }
    }
}
