package io.middleware.gateway.dashboard.traffic;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls of the last seconds. Counts only while somebody looks; calls that met trouble are counted always. */
public final class Traffic implements CallListener {
    private final Attention attention;
    private final Incidents incidents;
    private final Samples samples;
    private final TrafficWindow calls = new TrafficWindow();
    private final Map<Instance, TrafficWindow> instances = new ConcurrentHashMap<>();

    public Traffic(String gateway, Attention attention, Ticker ticker) {
        this.attention = attention;
        this.incidents = new Incidents(ticker);
        this.samples = new Samples(gateway, ticker);
    }

    @Override
    public void onEnd(CallRecord call) {
        boolean usual = call.attempts() == 1 && call.end().attempt() == 1;
        if (!usual) {
            incidents.onEnd(call);
        }
        if (!attention.isPaid()) {
            return;
        }
        long now = call.end().at();
        boolean failed = call.end().failure() != null || isFailure(call.end().code());
        calls.add(now - call.startedAt(), failed, now);
        countAttempts(call);
        samples.offer(call, usual && !failed);
    }

    private void countAttempts(CallRecord call) {
        List<Step> steps = call.steps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Ended ended) {
                Step.Started started = started(steps, i, ended.attempt());
                if (started != null
                        && (isTrouble(ended.outcome()) || ended.outcome().kind() == Outcome.Kind.ANSWERED)) {
                    instances
                            .computeIfAbsent(started.instance(), first -> new TrafficWindow())
                            .add(ended.at() - started.at(), isTrouble(ended.outcome()), ended.at());
                }
            }
        }
    }

    /** Returns the beginning of an attempt that ended at step {@code end}; null if the record has left it out. */
    static Step.@Nullable Started started(List<Step> steps, int end, int attempt) {
        for (int i = end - 1; i >= 0; i--) {
            if (steps.get(i) instanceof Step.Started started && started.attempt() == attempt) {
                return started;
            }
        }
        return null;
    }

    /** Returns whether an attempt failed, other than by its caller's or another attempt's doing. */
    static boolean isTrouble(Outcome outcome) {
        return switch (outcome.evidence()) {
            case BAD, UNREACHABLE, SILENT, AMBIGUOUS -> true;
            case GOOD -> false;
            // of a connection that broke, the connection tells and not each of its calls
            case NONE -> outcome.kind() != Outcome.Kind.ANSWERED && outcome.code() != Code.CANCELLED;
        };
    }

    private static boolean isFailure(Code code) {
        return switch (code) {
            case UNAVAILABLE, INTERNAL, UNKNOWN, DEADLINE_EXCEEDED, DATA_LOSS -> true;
            default -> false;
        };
    }

    /** Returns all calls. */
    public TrafficWindow calls() {
        return calls;
    }

    /** Returns the attempts on an instance; null if there were none. */
    public @Nullable TrafficWindow of(Instance instance) {
        return instances.get(instance);
    }

    /** Returns some calls of the last second. */
    public List<CallView> samples() {
        return samples.last();
    }

    public Incidents incidents() {
        return incidents;
    }

    /** Called when an instance is gone. */
    public void forget(Instance instance) {
        instances.remove(instance);
        incidents.close(instance);
    }
}
