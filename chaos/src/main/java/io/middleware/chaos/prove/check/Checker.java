package io.middleware.chaos.prove.check;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.history.History;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Operation;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether what callers were told agrees with what servers executed. It knows nothing of the middleware: only
 * the history of the callers and the books of the servers, each call being {@code ok}, {@code fail} or {@code info}
 * as in Jepsen's histories.
 *
 * <p>A call of which nothing is known may have been executed or not. So it can break a rule only by being executed
 * twice.
 */
public final class Checker {

    private final History history;
    private final Executions executions;
    private final List<Violation> violations = new ArrayList<>();

    private Checker(History history, List<Execution> books) {
        this.history = history;
        this.executions = new Executions(history.run(), books);
    }

    /** @param books all executions that the servers noted; those of other callers count for nothing */
    public static Judgement check(History history, List<Execution> books) {
        return new Checker(history, books).check();
    }

    private Judgement check() {
        List<Operation> operations = history.operations();
        Set<Execution> asked = new HashSet<>();
        for (Operation operation : operations) {
            List<Execution> executed = executions.of(operation);
            asked.addAll(executed);
            if (operation.kind() != Kind.MARKED) {
                check(operation, executed);
            }
        }
        executions.all().stream()
                .filter(execution -> !asked.contains(execution))
                .forEach(execution ->
                        violations.add(new Violation(Rule.NOTHING_UNASKED, List.of(), List.of(execution))));
        return new Judgement(Figures.of(operations, executions), List.copyOf(violations));
    }

    private void check(Operation operation, List<Execution> executed) {
        if (executed.size() > 1) {
            add(operation.kind() == Kind.KEYED ? Rule.KEY_ONCE : Rule.UNMARKED_ONCE, operation, executed);
        }
        if (operation.ok() && executed.isEmpty()) {
            add(Rule.OK_EXECUTED, operation, executed);
        }
        // by the call's own id: another submission with the same key may well have been executed
        if (operation.submissions().stream()
                .anyMatch(call -> call.told() == Told.NOT_EXECUTED
                        && !executions.ofCall(call.callId()).isEmpty())) {
            add(Rule.UNSENT_NOT_EXECUTED, operation, executed);
        }
        if (operation.submissions().stream().anyMatch(call -> call.told() == Told.UNFOUNDED)) {
            add(Rule.DOUBT_FOUNDED, operation, executed);
        }
        long responses = operation.succeeded().stream()
                .map(Submission::responseHash)
                .distinct()
                .count();
        if (responses > 1) {
            add(Rule.SAME_RESPONSE, operation, executed);
        }
    }

    private void add(Rule rule, Operation operation, List<Execution> executed) {
        violations.add(new Violation(rule, operation.submissions(), executed));
    }
}
