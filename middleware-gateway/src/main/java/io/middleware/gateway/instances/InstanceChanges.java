package io.middleware.gateway.instances;

import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Instance;
import io.middleware.core.outlier.Ejection;
import io.middleware.core.outlier.OutlierDetector;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Keeps the last changes of instances, for the endpoint. */
@Component
final class InstanceChanges {

    static final int MAX_KEPT = 500;

    private final InstantSource clock;
    private final Deque<RecordedChange> changes = new ArrayDeque<>();

    @Autowired
    InstanceChanges(Directory directory, OutlierDetector outliers) {
        this(InstantSource.system());
        directory.listen(this::onChange);
        outliers.listen(this::onEjection);
    }

    InstanceChanges(InstantSource clock) {
        this.clock = clock;
    }

    void onChange(InstanceChange change) {
        add(change.instance(), change.kind().name().toLowerCase(Locale.ROOT), null);
    }

    void onEjection(Ejection ejection) {
        add(ejection.instance(), ejection.out() ? "ejected" : "back", ejection.because());
    }

    /** Returns the changes, oldest first. */
    synchronized List<RecordedChange> last() {
        return List.copyOf(changes);
    }

    private synchronized void add(Instance instance, String change, @Nullable String because) {
        if (changes.size() == MAX_KEPT) {
            changes.removeFirst();
        }
        changes.addLast(new RecordedChange(clock.instant(), instance.serviceName(), instance.id(), change, because));
    }
}
