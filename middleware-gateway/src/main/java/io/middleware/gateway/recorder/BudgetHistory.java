package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.directory.Service;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the retry budget of a service would have held at any time under other settings, from the retries that were paid, and the
 * calls that had paid in by then.
 *
 * <pre>
 * at the start   min(capacity, 10 * floor)
 * later          min(capacity, balance + ratio * calls since + floor * seconds since), less 1 for each retry it could pay
 * </pre>
 *
 * <p>It is as good as the records are complete: retries of calls that are no longer kept are not among them.
 */
final class BudgetHistory {
    private static final double SECOND = 1e9;

    private final Settings.Budget budget;
    /** The start, and each payment; in order of time. */
    private final List<State> states = new ArrayList<>();

    /** What it held at a time, after a payment, when so many calls had paid in. */
    private record State(long at, long calls, double balance) {}

    /** {@code since}: when the service became known, in nanoseconds of the ticker, or the best that is known about that. */
    BudgetHistory(Settings.Budget budget, List<KeptCall> calls, Service service, long since) {
        this.budget = budget;
        states.add(new State(since, 0, Math.min(budget.capacity(), 10.0 * budget.floor())));
        calls.stream()
                .filter(call -> call.record().service() == service)
                .flatMap(call -> call.record().steps().stream())
                .filter(Step.Paid.class::isInstance)
                .map(Step.Paid.class::cast)
                .sorted(Comparator.comparingLong(Step.Paid::at))
                .forEach(this::pay);
    }

    private void pay(Step.Paid payment) {
        double before = grown(states.getLast(), payment.at(), payment.calls());
        states.add(new State(payment.at(), payment.calls(), before >= 1 ? before - 1 : before));
    }

    /** Returns what it would have held at a time at which so many calls had paid in. */
    double at(long time, long calls) {
        int low = 0;
        int high = states.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (states.get(middle).at < time) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return grown(states.get(low), time, calls);
    }

    private double grown(State from, long time, long calls) {
        double gained = budget.ratio() * Math.max(0, calls - from.calls)
                + budget.floor() * Math.max(0, time - from.at) / SECOND;
        return Math.min(from.balance + gained, budget.capacity());
    }
}
