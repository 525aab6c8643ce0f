package io.middleware.chaos.prove.check;

import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Operation;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import java.util.List;

/**
 * Numbers of a run.
 *
 * @param calls             submissions of all kinds
 * @param unmarked          calls without a key
 * @param unmarkedOk        of these, those that succeeded
 * @param notExecuted       of these, those told that they provably were not executed
 * @param unknown           of these, those told that they may have been executed
 * @param unknownExecuted   of those, the executed ones
 * @param keyed             keys
 * @param keyedOk           of these, those with a response
 * @param keyedAtFirst      of those, the ones whose first submission succeeded
 * @param keyedNotExecuted  of all submissions with a key, those told that they provably were not executed
 * @param repeats           submissions with a key that had been used before
 * @param replayed          responses of an earlier execution
 * @param marked            calls of a method without side effects
 * @param markedLost        of these, those that failed
 * @param executions        of this run, in the servers' books
 */
public record Figures(
        int calls,
        int unmarked,
        int unmarkedOk,
        int notExecuted,
        int unknown,
        int unknownExecuted,
        int keyed,
        int keyedOk,
        int keyedAtFirst,
        int keyedNotExecuted,
        int repeats,
        int replayed,
        int marked,
        int markedLost,
        int executions) {

    /** Returns how many calls there were, those that were sent again counted once. */
    public int operations() {
        return unmarked + keyed + marked;
    }

    /** Returns how many of them got a response without being sent again. */
    public int succeededAtOnce() {
        return unmarkedOk + keyedAtFirst + marked - markedLost;
    }

    /** Returns whether these are at least half: a run in which most calls fail is a weak proof. */
    public boolean mostSucceeded() {
        return 2 * succeededAtOnce() >= operations();
    }

    static Figures of(List<Operation> operations, Executions executions) {
        List<Submission> unmarked = submissions(operations, Kind.UNMARKED);
        List<Submission> unknown =
                unmarked.stream().filter(call -> call.told() == Told.UNKNOWN).toList();
        List<Operation> keyed = operations.stream()
                .filter(operation -> operation.kind() == Kind.KEYED)
                .toList();
        List<Submission> withKey = submissions(operations, Kind.KEYED);
        List<Submission> marked = submissions(operations, Kind.MARKED);
        return new Figures(
                unmarked.size() + withKey.size() + marked.size(),
                unmarked.size(),
                count(unmarked, Told.OK),
                count(unmarked, Told.NOT_EXECUTED),
                unknown.size(),
                (int) unknown.stream()
                        .filter(call -> !executions.ofCall(call.callId()).isEmpty())
                        .count(),
                keyed.size(),
                (int) keyed.stream().filter(Operation::ok).count(),
                (int) keyed.stream()
                        .filter(operation -> operation.submissions().getFirst().ok())
                        .count(),
                count(withKey, Told.NOT_EXECUTED),
                withKey.size() - keyed.size(),
                (int) withKey.stream().filter(Submission::replayed).count(),
                marked.size(),
                marked.size() - count(marked, Told.OK),
                executions.count());
    }

    /** Returns the keys that never got a response. */
    public int keyedWithout() {
        return keyed - keyedOk;
    }

    private static List<Submission> submissions(List<Operation> operations, Kind kind) {
        return operations.stream()
                .filter(operation -> operation.kind() == kind)
                .flatMap(operation -> operation.submissions().stream())
                .toList();
    }

    private static int count(List<Submission> calls, Told told) {
        return (int) calls.stream().filter(call -> call.told() == told).count();
    }
}
