package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * The attempts of a call that may have met another version of their instance's server than the one described, which may promise
 * less. A connection leads to one process as long as it lives, so the version is certain if the connection is older.
 */
final class VersionDoubts {
    private List<Doubt> doubts = List.of();

    /** {@code describedAt}: the number of renewals of the instance when it was described last. */
    private record Doubt(Instance instance, int describedAt) {}

    /** Called when an attempt starts. */
    void begin(Instance instance) {
        int describedAt = instance.version().describedAt();
        if (instance.version().renewals() != describedAt) {
            if (doubts.isEmpty()) {
                doubts = new ArrayList<>(2);
            }
            doubts.add(new Doubt(instance, describedAt));
        }
    }

    /** Called when an attempt ended so. {@code connectedAt}: see {@link Transport.Stream#connectedAt}. */
    void ended(Instance instance, Outcome outcome, int connectedAt) {
        for (int i = 0; i < doubts.size(); i++) {
            Doubt doubt = doubts.get(i);
            if (doubt.instance == instance
                    && (outcome.kind() == Outcome.Kind.UNSENT || connectedAt <= doubt.describedAt)) {
                doubts.remove(i);
                return;
            }
        }
    }

    /** Returns whether no attempt may have met another version. */
    boolean none() {
        return doubts.isEmpty();
    }
}
