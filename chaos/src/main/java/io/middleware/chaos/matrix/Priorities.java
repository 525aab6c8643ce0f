package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.PriorityShare;
import java.util.Collection;

/**
 * How many calls were served under overload, where some were critical.
 *
 * @param critical share of the critical calls that were served
 * @param others   share of the others
 */
record Priorities(double critical, double others) {

    /** All calls had the same priority. */
    static final Priorities ALIKE = new Priorities(0, 0);

    /** {@code share}: which of them were critical. */
    static Priorities of(Window calls, PriorityShare share) {
        return new Priorities(
                served(calls.calls().stream()
                        .filter(call -> share.keeps(call.callId()))
                        .toList()),
                served(calls.calls().stream()
                        .filter(call -> !share.keeps(call.callId()))
                        .toList()));
    }

    private static double served(Collection<CallRecord> calls) {
        return calls.stream()
                .mapToInt(call -> call.reply().ok() ? 1 : 0)
                .average()
                .orElse(0);
    }
}
