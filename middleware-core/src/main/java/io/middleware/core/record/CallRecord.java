package io.middleware.core.record;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.Priority;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.Comparison.Figures;
import io.middleware.core.directory.Service;
import io.middleware.core.directory.Tiers;
import io.middleware.core.instance.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one call, in order. Confined to the call's thread until the call has ended, and not changed after that.
 *
 * <p>Attempts and payments are always there. Of all steps there are {@value #MOST_STEPS} at most otherwise, and fewer of looks from
 * which nothing followed.
 */
public final class CallRecord {
    static final int MOST_STEPS = 100;
    static final int MOST_FIGURES = 16;

    private final String path;
    private final Priority priority;
    private @Nullable Call call;
    private final @Nullable Service service;
    private final Service.@Nullable Method method;
    private final Ticker ticker;
    private final @Nullable Trace trace;
    private final @Nullable CallListener listener;
    private final long startedAt;
    private final StepList steps = new StepList(MOST_STEPS);

    private int attempts;
    private int winner;
    private boolean stale;
    private Step.@Nullable Concluded end;

    /**
     * Begins the record of a call that has just come in.
     *
     * @param service  null if no service serves it; so is {@code method}
     * @param trace    null if it belongs to none
     * @param listener gets the record at the call's end; null: nothing is recorded
     */
    public CallRecord(
            Call call,
            @Nullable Service service,
            Service.@Nullable Method method,
            Ticker ticker,
            @Nullable Trace trace,
            @Nullable CallListener listener) {
        this.call = call;
        this.path = call.path();
        this.priority = call.priority();
        this.service = service;
        this.method = method;
        this.ticker = ticker;
        this.trace = trace;
        this.listener = listener;
        this.startedAt = ticker.nanos();
    }

    // what the call tells

    /** Called when an instance was chosen, or none was left. */
    public void chosen(boolean hedge, Tiers tiers, Collection<Instance> tried, Choice choice) {
        if (recording()) {
            long now = ticker.nanos();
            List<Instance> candidates = choice.candidates();
            List<Figures> figures = new ArrayList<>(Math.min(candidates.size(), MOST_FIGURES));
            for (int i = 0; i < candidates.size() && i < MOST_FIGURES; i++) {
                Instance candidate = candidates.get(i);
                figures.add(Figures.of(candidate, candidate.registration().weight(), now));
            }
            steps.add(new Step.Chosen(now, hedge, tiers, List.copyOf(tried), choice, figures));
        }
    }

    /** Called when an attempt begins. */
    public void started(Instance instance, boolean hedge) {
        attempts++;
        if (recording()) {
            steps.addAlways(new Step.Started(ticker.nanos(), attempts, instance, hedge));
        }
    }

    /** Called when the first of an attempt's response came. {@code replayed}: see {@link Step.Responded}. */
    public void responded(int attempt, boolean replayed) {
        if (recording()) {
            steps.add(new Step.Responded(ticker.nanos(), attempt, replayed));
        }
    }

    /** See {@link Step.Ended}. */
    public void ended(int attempt, @Nullable Boolean alive, Outcome outcome) {
        if (recording()) {
            steps.addAlways(new Step.Ended(ticker.nanos(), attempt, alive, outcome));
        }
    }

    /** See {@link Step.Decided}. */
    public void decided(@Nullable Outcome after, @Nullable Facts facts, Decision decision) {
        if (recording()) {
            Step.Decided step = new Step.Decided(ticker.nanos(), after, facts, decision);
            if (decision instanceof Decision.LookAgain || decision instanceof Decision.CheckInstances) {
                steps.addLook(step);
            } else {
                steps.add(step);
            }
        }
    }

    /** See {@link Step.Paid}. */
    public void paid(double before, long calls, boolean granted) {
        if (recording()) {
            steps.addAlways(new Step.Paid(ticker.nanos(), before, calls, granted));
        }
    }

    public void backsOff(long nanos) {
        if (recording()) {
            steps.add(new Step.BackedOff(ticker.nanos(), nanos));
        }
    }

    /** Called when it is settled whose response the caller gets. {@code attempt}: 0 for none. */
    public void settled(int attempt) {
        winner = attempt;
    }

    /** Called when the caller will get a stale response. */
    public void stale() {
        stale = true;
    }

    /**
     * Called when the call has ended.
     *
     * @param failure what the middleware said itself; null if it said nothing
     * @param left    the caller went away
     */
    public void concluded(Code code, @Nullable Failure failure, boolean left) {
        if (listener != null && end == null) {
            end = new Step.Concluded(ticker.nanos(), code, winner, failure, stale, left);
            steps.addAlways(end);
            listener.onEnd(this);
            // who keeps the record must not keep the caller, nor what its headers say
            call = null;
        }
    }

    private boolean recording() {
        return listener != null && end == null;
    }

    // what it was

    /** Returns {@code /package.Service/Method}. */
    public String path() {
        return path;
    }

    /** Returns how it ranked under overload. */
    public Priority priority() {
        return priority;
    }

    /** Returns the call; null once its listeners have got the record. */
    public @Nullable Call call() {
        return call;
    }

    /** Returns who served it; null if no service does. */
    public @Nullable Service service() {
        return service;
    }

    public Service.@Nullable Method method() {
        return method;
    }

    /** Returns the trace that it belongs to; null for none. */
    public @Nullable Trace trace() {
        return trace;
    }

    /** Returns when the call came in, in nanoseconds of the ticker. */
    public long startedAt() {
        return startedAt;
    }

    public List<Step> steps() {
        return steps.steps();
    }

    /** Returns how many steps are not among {@link #steps}, as there were too many. */
    public int omitted() {
        return steps.omitted();
    }

    /** Returns how many attempts were started. */
    public int attempts() {
        return attempts;
    }

    /** Returns how long ago the call came in, in nanoseconds. */
    public long age() {
        return ticker.nanos() - startedAt;
    }

    /** Returns how long it took, in nanoseconds. Only for records of calls that have ended. */
    public long nanos() {
        return end().at() - startedAt;
    }

    /** Returns the instance of an attempt, whose number is at least 1; null if that is not among the steps. */
    public @Nullable Instance instance(int attempt) {
        for (Step step : steps()) {
            if (step instanceof Step.Started started && started.attempt() == attempt) {
                return started.instance();
            }
        }
        return null;
    }

    /** Returns the instance whose response the caller got; null for none. */
    public @Nullable Instance answeredBy() {
        return end().attempt() == 0 ? null : instance(end().attempt());
    }

    /** Returns how the call ended. Only for records of calls that have. */
    public Step.Concluded end() {
        return Objects.requireNonNull(end, "the call has not ended");
    }
}
