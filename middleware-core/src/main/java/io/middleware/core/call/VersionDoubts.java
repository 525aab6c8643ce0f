package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * A call's attempts that may have met another version of their instance's server than the one that was described: one that promises
 * less. A connection leads to one process as long as it lives, so the version is known where the connection was made before.
 */
final class VersionDoubts {
    private List<Doubt> doubts = List.of();

    /** {@code describedAt}: how often the instance had been renewed when it was described last. */
    private record Doubt(Instance instance, int describedAt) {}

    /** An attempt on it begins. */
    void begin(Instance instance) {
        int describedAt = instance.describedAt();
        if (instance.renewals() != describedAt) {
            if (doubts.isEmpty()) {
                doubts = new ArrayList<>(2);
            }
            doubts.add(new Doubt(instance, describedAt));
        }
    }

    /** An attempt on it ended so. {@code connectedAt}: see {@link Transport.Stream#connectedAt}. */
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

    /** No attempt may have met another version. */
    boolean none() {
        return doubts.isEmpty();
    }
}
