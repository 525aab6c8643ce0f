package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a call that are in flight; one, nearly always. There are more only when the request is complete, so that what the
 * caller still sends has one place to go.
 */
final class Attempts {
    private static final Outcome NOT_SENT = Outcome.unsent("it was not sent before the deadline");

    private final AttemptContext context;
    private final Attempt.Listener listener;
    private final List<Attempt> inFlight = new ArrayList<>(2);
    private @Nullable Attempt winner;
    private int started;
    private boolean wanted = true;

    Attempts(AttemptContext context, Attempt.Listener listener) {
        this.context = context;
        this.listener = listener;
    }

    /** Adds an attempt, which is not opened yet. */
    Attempt add(Instance instance, boolean hedge) {
        started++;
        context.record().started(instance, hedge);
        Attempt attempt = new Attempt(context, listener, instance, hedge, started);
        inFlight.add(attempt);
        return attempt;
    }

    void open(Attempt attempt) {
        attempt.open(started - 1, wanted);
    }

    void remove(Attempt attempt) {
        inFlight.remove(attempt);
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    /** Returns how many are in flight. */
    int size() {
        return inFlight.size();
    }

    /** Returns how many were started. */
    int started() {
        return started;
    }

    /** Returns the one that was started last; null if none is in flight. */
    @Nullable
    Attempt latest() {
        return inFlight.isEmpty() ? null : inFlight.getLast();
    }

    /** Returns the one whose response the caller gets; null as long as that is open. */
    @Nullable
    Attempt winner() {
        return winner;
    }

    /** Gives up all others, which says nothing of their instances but how slow they are. */
    void wonBy(Attempt first) {
        settleFor(first);
        for (int i = inFlight.size() - 1; i >= 0; i--) {
            Attempt other = inFlight.get(i);
            if (other != first) {
                inFlight.remove(i);
                other.overtaken();
            }
        }
    }

    /** None has won, but the caller gets the response of this one; null for none. */
    void settleFor(@Nullable Attempt attempt) {
        winner = attempt;
        context.record().settled(attempt == null ? 0 : attempt.account().number());
    }

    void wantMore(boolean more) {
        wanted = more;
        for (int i = 0; i < inFlight.size(); i++) {
            inFlight.get(i).wantMore(more);
        }
    }

    /** Excludes their instances from further attempts, as long as there are others. */
    void excludeFrom(InstancePicker picker) {
        for (int i = 0; i < inFlight.size(); i++) {
            picker.exclude(inFlight.get(i).instance());
        }
    }

    /** Called when the deadline has passed: each of them was in vain. */
    void expire(AttemptHistory history) {
        inFlight.forEach(attempt -> history.onFailure(
                attempt.instance(), attempt.unsent() ? NOT_SENT : Outcome.expired(), attempt.connectedAt()));
    }

    /** Returns whether the instance of each is ejected or does not pass its checks. */
    boolean allUnavailable() {
        for (int i = 0; i < inFlight.size(); i++) {
            if (!inFlight.get(i).instance().isUnavailable()) {
                return false;
            }
        }
        return true;
    }

    /** Returns one that has not been sent; null if there is none. {@code stranded}: only if its instance is unavailable. */
    @Nullable
    Attempt unsent(boolean stranded) {
        for (int i = 0; i < inFlight.size(); i++) {
            Attempt attempt = inFlight.get(i);
            if (attempt.unsent() && (!stranded || attempt.instance().isUnavailable())) {
                return attempt;
            }
        }
        return null;
    }

    /** Called when each of them is overdue. */
    void overdue(long now) {
        for (int i = 0; i < inFlight.size(); i++) {
            inFlight.get(i).account().overdue(now);
        }
    }

    /** Gives all of them up. {@code outcome} says what that tells of their instances. */
    void abandon(Outcome outcome) {
        inFlight.forEach(attempt -> attempt.abandon(outcome));
        inFlight.clear();
    }
}
