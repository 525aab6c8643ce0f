package io.middleware.core.call;

import io.middleware.core.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * The attempts of a call that are under way at the same time; one, nearly always. There are more only when the request is whole,
 * so that what the caller still sends has one place to go.
 */
final class Runners {
    private static final Outcome NOT_LEFT = Outcome.unsent("it did not leave before the deadline");

    private final List<Attempt> running = new ArrayList<>(2);
    private Attempt winner;
    private int started;

    void join(Attempt attempt) {
        running.add(attempt);
        started++;
    }

    void leave(Attempt attempt) {
        running.remove(attempt);
    }

    boolean isEmpty() {
        return running.isEmpty();
    }

    boolean several() {
        return running.size() > 1;
    }

    /** The one that was started last; null when none is running. */
    Attempt latest() {
        return running.isEmpty() ? null : running.getLast();
    }

    /** How many there were so far. */
    int started() {
        return started;
    }

    /** The one whose answer the caller gets; null as long as that is open. */
    Attempt winner() {
        return winner;
    }

    /** All others are given up, which tells nothing of their instances but how slow they are. */
    void wonBy(Attempt first) {
        winner = first;
        for (int i = running.size() - 1; i >= 0; i--) {
            Attempt other = running.get(i);
            if (other != first) {
                running.remove(i);
                other.overtaken();
            }
        }
    }

    /** None has won, but the caller gets what there is of this one; null for nothing. */
    void settleFor(Attempt attempt) {
        winner = attempt;
    }

    void wantMore(boolean more) {
        for (int i = 0; i < running.size(); i++) {
            running.get(i).wantMore(more);
        }
    }

    /** None of their instances is to be tried again as long as there are others. */
    void exclude(Tries tries) {
        running.forEach(attempt -> tries.exclude(attempt.instance()));
    }

    /** Each of them was in vain, when the time was over. */
    void expire(Tries tries) {
        running.forEach(attempt ->
                tries.add(attempt.instance(), attempt.unsent() ? NOT_LEFT : Outcome.expired(), attempt.connectedAt()));
    }

    /** Something speaks against each of their instances. */
    boolean allOut() {
        for (int i = 0; i < running.size(); i++) {
            if (!running.get(i).instance().out()) {
                return false;
            }
        }
        return true;
    }

    /** One that has not left yet, and whose instance is out; null when there is none. */
    Attempt stranded() {
        for (int i = 0; i < running.size(); i++) {
            Attempt attempt = running.get(i);
            if (attempt.unsent() && attempt.instance().out()) {
                return attempt;
            }
        }
        return null;
    }

    /** One that has not left yet; null when there is none. */
    Attempt unsent() {
        for (int i = 0; i < running.size(); i++) {
            if (running.get(i).unsent()) {
                return running.get(i);
            }
        }
        return null;
    }

    /** Each of them is overdue. */
    void overdue(long now) {
        for (int i = 0; i < running.size(); i++) {
            running.get(i).overdue(now);
        }
    }

    /** Gives all of them up. {@code outcome} says what that tells of their instances. */
    void abandon(Outcome outcome) {
        running.forEach(attempt -> attempt.abandon(outcome));
        running.clear();
    }
}
