package io.middleware.core.directory;

import io.middleware.core.instance.Instance;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Tells which instances of a service came into use, and which are no longer. */
final class InstancesInUse {
    private final Service service;
    private final UseListener listener;
    private Set<Instance> inUse = Set.of();

    InstancesInUse(Service service, UseListener listener) {
        this.service = service;
        this.listener = listener;
    }

    /** Called after each change. {@code now} is asked with the lock, so that of two changes at once the later counts. */
    synchronized void onChange(Collection<Instance> known, Supplier<? extends Collection<Instance>> now) {
        Set<Instance> before = inUse;
        Set<Instance> after = new LinkedHashSet<>(now.get());
        if (after.size() < known.size()) {
            known.forEach(instance -> instance.use(after.contains(instance)));
        }
        inUse = after;
        for (Instance instance : before) {
            if (!after.contains(instance)) {
                instance.use(false);
                listener.onUse(service, instance, false);
            }
        }
        for (Instance instance : after) {
            if (!before.contains(instance)) {
                instance.use(true);
                listener.onUse(service, instance, true);
            }
        }
    }
}
