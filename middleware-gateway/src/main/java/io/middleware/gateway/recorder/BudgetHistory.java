package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.directory.Service;
import io.middleware.core.record.Step;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the retry budget of a service would have held at any time under other settings, from the retries that were paid, and the
 * calls that had paid in by then.
 *
 * <pre>
 * before the first  min(capacity, 10 * floor + ratio * calls so far + floor * seconds so far)
 * then              min(capacity, balance + ratio * calls since + floor * seconds since), less 1 for each retry it could pay
 * </pre>
 *
 * <p>It is as good as the records are complete: retries of calls that are no longer kept are not among them.
 */
final class BudgetHistory {
    private static final double SECOND = 1e9;

    private final Settings.Budget budget;
    private final long since;
    /** What it held just before each paid retry, by the time of that. */
    private final TreeMap<Long, Double> before = new TreeMap<>();

    /** {@code since}: when the service became known, in nanoseconds of the ticker, or the best that is known about that. */
    BudgetHistory(Settings.Budget budget, List<KeptCall> calls, Service service, long since) {
        this.budget = budget;
        this.since = since;
        TreeMap<Long, Long> payments = new TreeMap<>();
        calls.stream()
                .filter(call -> call.record().service() == service)
                .flatMap(call -> call.record().steps().stream())
                .forEach(step -> {
                    if (step instanceof Step.Paid paid) {
                        payments.put(paid.at(), paid.calls());
                    }
                });
        long at = since;
        long paidIn = 0;
        double balance = Math.min(budget.capacity(), 10.0 * budget.floor());
        for (Map.Entry<Long, Long> payment : payments.entrySet()) {
            balance = grown(balance, payment.getValue() - paidIn, payment.getKey() - at);
            before.put(payment.getKey(), balance);
            balance = balance >= 1 ? balance - 1 : balance;
            at = payment.getKey();
            paidIn = payment.getValue();
        }
    }

    /** Returns what it would have held for a decision at this time. A retry is paid for right after its decision. */
    double at(long time) {
        Map.Entry<Long, Double> next = before.ceilingEntry(time);
        Map.Entry<Long, Double> last = before.floorEntry(time);
        if (next != null) {
            return next.getValue();
        }
        return last == null
                ? grown(Math.min(budget.capacity(), 10.0 * budget.floor()), 0, time - since)
                : grown(last.getValue() - 1, 0, time - last.getKey());
    }

    private double grown(double balance, long calls, long nanos) {
        return Math.clamp(
                balance + budget.ratio() * calls + budget.floor() * Math.max(0, nanos) / SECOND, 0, budget.capacity());
    }
}
