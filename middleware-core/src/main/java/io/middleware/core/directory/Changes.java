package io.middleware.core.directory;

import io.middleware.core.directory.InstanceChange.Kind;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import java.util.ArrayList;
import java.util.List;

/** What one response of the registry changes. Notes at an instance that its server has started. */
final class Changes {
    private final Service service;
    private final boolean first;
    private final List<InstanceChange> list = new ArrayList<>();

    Changes(Service service) {
        this.service = service;
        this.first = service.known().isEmpty();
    }

    void add(Kind kind, Instance instance) {
        boolean started = kind == Kind.CAME && !first
                || kind == Kind.CONFIRMED && instance.registryState().before() == RegistryStatus.FAILING;
        if (started) {
            instance.newness().begin(instance, service.ticker().nanos());
        }
        list.add(new InstanceChange(kind, service, instance));
    }

    List<InstanceChange> list() {
        return list;
    }
}
