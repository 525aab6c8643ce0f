package io.middleware.core.directory;

import io.middleware.core.instance.Instance;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Tells instances apart: several nodes may have registered the same id, which then takes the node. */
final class Labels {
    private Labels() {}

    static void set(Collection<Instance> instances) {
        Set<String> seen = new HashSet<>();
        Set<String> several = new HashSet<>();
        for (Instance instance : instances) {
            String id = instance.registration().id();
            if (!seen.add(id)) {
                several.add(id);
            }
        }
        instances.forEach(instance ->
                instance.label(several.contains(instance.registration().id())));
    }
}
