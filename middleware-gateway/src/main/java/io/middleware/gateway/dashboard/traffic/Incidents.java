package io.middleware.gateway.dashboard.traffic;

import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What became of the calls that an instance in trouble had: how many got their response elsewhere, how many were lost.
 * An incident lasts from the first such call until the instance is back; without an ejection, until none came for a while.
 */
public final class Incidents {
    private static final long OVER_AFTER = TimeUnit.SECONDS.toNanos(5);

    private final Ticker ticker;
    private final Map<Instance, Incident> open = new ConcurrentHashMap<>();

    Incidents(Ticker ticker) {
        this.ticker = ticker;
    }

    private static final class Incident {
        private long moved;
        private long lost;
        /** When the first attempt began that was in trouble. */
        private @Nullable Long began;

        private @Nullable Long ejected;
        private long last;

        synchronized void add(boolean answeredElsewhere, long start, long now) {
            if (answeredElsewhere) {
                moved++;
            } else {
                lost++;
            }
            if (began == null || start - began < 0) {
                began = start;
            }
            last = now;
        }

        synchronized void ejected(long now) {
            ejected = now;
            last = now;
        }

        synchronized boolean isOver(long now) {
            return ejected == null && now - last > OVER_AFTER;
        }

        synchronized Map<String, Long> numbers() {
            Map<String, Long> numbers = new HashMap<>();
            if (moved + lost > 0) {
                numbers.put("moved", moved);
                numbers.put("lost", lost);
            }
            if (began != null && ejected != null && ejected - began > 0 && ejected - began < OVER_AFTER) {
                numbers.put("afterMs", TimeUnit.NANOSECONDS.toMillis(ejected - began));
            }
            return numbers;
        }
    }

    /** Called at the end of a call that was not answered by its only attempt. */
    void onEnd(CallRecord call) {
        List<Step> steps = call.steps();
        int winner = call.end().attempt();
        long now = call.end().at();
        Set<Instance> counted = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Started started
                    && started.attempt() != winner
                    && (isDoubted(started.instance()) || failed(steps, i, started.attempt()))
                    && counted.add(started.instance())) {
                of(started.instance(), now).add(winner > 0, started.at(), now);
            }
        }
    }

    /** The ejection may follow in a moment: a health check goes on. */
    private static boolean isDoubted(Instance instance) {
        return instance.isUnavailable() || instance.health() instanceof Health.Suspected;
    }

    private static boolean failed(List<Step> steps, int start, int attempt) {
        for (int i = start + 1; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Ended ended && ended.attempt() == attempt) {
                return Traffic.isTrouble(ended.outcome()) || isDecidedUpon(steps, i, ended.outcome());
            }
        }
        return false;
    }

    /** Returns whether its end led to a decision other than to respond: that of one that was given up leads to none. */
    private static boolean isDecidedUpon(List<Step> steps, int end, Outcome outcome) {
        for (int i = end + 1; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Decided decided && decided.after() == outcome) {
                return !(decided.decision() instanceof Decision.Respond);
            }
        }
        return false;
    }

    private Incident of(Instance instance, long now) {
        return open.compute(instance, (key, known) -> known == null || known.isOver(now) ? new Incident() : known);
    }

    /** Called when an instance was ejected. Returns what is known of the incident, now and later. */
    public Supplier<Map<String, Long>> onEjection(Instance instance) {
        long now = ticker.nanos();
        Incident incident = of(instance, now);
        incident.ejected(now);
        return incident::numbers;
    }

    /** Called when an instance is back, or gone: what happens next is another incident. */
    public void close(Instance instance) {
        open.remove(instance);
    }
}
