package io.middleware.core.instance;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.middleware.core.Counts.Cause;
import io.middleware.core.instance.Health.Ejected;
import io.middleware.core.instance.Health.Healthy;
import io.middleware.core.instance.Health.OnTrial;
import io.middleware.core.instance.Health.Suspected;
import org.jspecify.annotations.Nullable;

/**
 * The current {@link Health} of one instance. Each method is one transition, under this object's lock; reading takes none.
 *
 * <pre>
 * Healthy   -&gt; Suspected   a health check begins         Suspected -&gt; Healthy   it is answered
 * any       -&gt; Ejected     outlier detection decides so
 * Ejected   -&gt; Healthy     a probe is answered, or, if attempts had failed on it: Ejected -&gt; OnTrial
 * OnTrial   -&gt; Healthy     an attempt succeeds
 * </pre>
 */
public final class HealthTracker {
    /** No health check has begun. */
    public static final int NO_CHECK = -1;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private volatile Health health = Health.NEVER_EJECTED;
    private volatile @Nullable CircuitBreaker breaker;
    private int returns;
    private volatile long aliveAt = NEVER;
    private boolean silent;
    private long silentSince;
    private final ProbeSchedule probes = new ProbeSchedule();

    public Health health() {
        return health;
    }

    /** Returns when it is probed; to be used under this object's lock only. */
    public ProbeSchedule probes() {
        return probes;
    }

    /** Returns the breaker, made with the first outcome that counts; it goes with the instance. */
    public CircuitBreaker breaker(String name, CircuitBreakerConfig config) {
        CircuitBreaker known = breaker;
        if (known == null) {
            synchronized (this) {
                known = breaker;
                if (known == null) {
                    known = CircuitBreaker.of(name, config);
                    breaker = known;
                }
            }
        }
        return known;
    }

    /**
     * Begins a health check, and returns its number for {@link #endCheck}; {@link #NO_CHECK} if one is in flight, if it was alive
     * less than {@code since} ago, or if it is ejected.
     */
    public synchronized int beginCheck(long since, long now) {
        if (now - aliveAt < since) {
            return NO_CHECK;
        }
        switch (health) {
            case Healthy healthy -> health = new Suspected(healthy.lastEjection());
            case OnTrial trial when !trial.checked() -> health = trial.withCheck(true);
            case Suspected suspected -> {
                return NO_CHECK;
            }
            case OnTrial trial -> {
                return NO_CHECK;
            }
            case Ejected ejected -> {
                return NO_CHECK;
            }
        }
        return returns;
    }

    /**
     * Ends the health check with this number. A late success is still a response for an instance ejected meanwhile. Returns
     * false if the instance was even readmitted meanwhile: its probe is newer than a failure of this check, and another check may be
     * in flight, which goes on.
     */
    public synchronized boolean endCheck(int check, boolean succeeded, long now) {
        boolean latest = check == returns;
        if (latest) {
            switch (health) {
                case Suspected suspected -> health = new Healthy(suspected.lastEjection());
                case OnTrial trial -> health = trial.withCheck(false);
                case Healthy healthy -> {}
                case Ejected ejected -> {}
            }
        }
        if (succeeded) {
            alive(now);
        }
        return latest;
    }

    /** Called when the instance has shown that it is alive. */
    public synchronized void alive(long now) {
        aliveAt = now;
        silent = false;
        if (health instanceof Ejected ejected && ejected.lost()) {
            health = ejected.withProbe(ejected.reason(), false);
        }
    }

    /** Returns when it has shown that it is alive, on the ticker's clock. */
    public long aliveAt() {
        return aliveAt;
    }

    /** Called when a check or an attempt found no response. */
    public synchronized void onCheckFailed(boolean silence, long now) {
        if (silence && !silent) {
            silentSince = now;
        }
        // a server that refuses connections is not lost: it may have closed its port, and still serve its open calls
        silent = silence;
    }

    /** Returns false, and does nothing, if it is ejected already. */
    public synchronized boolean eject(Cause cause, String reason, long now) {
        if (health instanceof Ejected) {
            return false;
        }
        health = new Ejected(cause, reason, now, false);
        return true;
    }

    /** Called when a probe of an ejected instance failed. */
    public synchronized void probeFailed(String reason, boolean silence, long lostAfter, long now) {
        onCheckFailed(silence, now);
        if (health instanceof Ejected ejected) {
            health = ejected.withProbe(reason, silent && now - silentSince >= lostAfter);
        }
    }

    /** Ends the ejection. Returns whether it is on trial now. */
    public synchronized boolean readmit() {
        if (health instanceof Ejected ejected) {
            returns++;
            boolean trial = ejected.needsTrial();
            health = trial ? new OnTrial(ejected, true, false, OnTrial.NEVER) : new Healthy(ejected);
            return trial;
        }
        return false;
    }

    /** Called when an attempt on it begins: while it is on trial it gets one at a time. */
    public synchronized void attemptBegins(long now) {
        if (health instanceof OnTrial trial) {
            health = trial.triedAgain(now);
        }
    }

    /** Lets calls that are not idempotent go there as well. */
    public synchronized void openTrialToAllCalls() {
        if (health instanceof OnTrial trial) {
            health = trial.forAllCalls();
        }
    }

    /** Called when an attempt on trial has succeeded. */
    public synchronized void endTrial() {
        if (health instanceof OnTrial trial) {
            health = trial.checked() ? new Suspected(trial.lastEjection()) : new Healthy(trial.lastEjection());
        }
    }
}
