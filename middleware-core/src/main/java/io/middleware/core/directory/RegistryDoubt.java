package io.middleware.core.directory;

import io.middleware.core.Ticker;
import io.middleware.core.balancing.Subset;
import io.middleware.core.directory.InstanceChange.Kind;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.Registration.Status;
import io.middleware.core.instance.RegistryStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the instances of one service in line with the registry, with self-preservation: if more than half of the usable ones are
 * lost at once, the registry has more likely failed than the instances. The lost become {@link RegistryStatus#UNCONFIRMED} and are
 * tried after those that pass, until a connection to them is refused, or {@link #UNCONFIRMED_FOR} has passed. At once means within
 * {@link #AT_ONCE}: a Consul that restarts finds its checks critical one after another. An operator's decision is believed: an
 * instance in maintenance is not lost. Used under {@link Directory}'s lock.
 */
public final class RegistryDoubt {
    static final Duration UNCONFIRMED_FOR = Duration.ofSeconds(60);
    static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(RegistryDoubt.class);

    private final Service service;
    private final Directory.InstanceFactory newInstance;
    private final Ticker ticker;
    private final Map<Registration.Server, Instance> instances = new LinkedHashMap<>();
    private Map<Registration.Server, Registration> latest = Map.of();
    private Subset subset;

    RegistryDoubt(Service service, Directory.InstanceFactory newInstance, Ticker ticker, Subset subset) {
        this.subset = subset;
        this.service = service;
        this.newInstance = newInstance;
        this.ticker = ticker;
    }

    Service service() {
        return service;
    }

    /** Changes which instances are used. */
    void use(Subset newer) {
        subset = newer;
        service.publish(instances.values(), subset);
    }

    /** Applies a response of the registry: all instances, healthy or not. */
    List<InstanceChange> update(Collection<Registration> registrations) {
        latest = new LinkedHashMap<>();
        registrations.forEach(r -> latest.put(r.server(), r));
        Set<Registration.Entry> entries =
                registrations.stream().map(Registration::entry).collect(Collectors.toSet());
        Changes changes = new Changes(service);
        int usable = count(instance -> instance.usable() && !putInMaintenance(instance));
        List<Instance> lost = new ArrayList<>();
        for (Instance instance : List.copyOf(instances.values())) {
            Registration now = latest(instance);
            if (now == null && entries.contains(instance.registration().entry())) {
                remove(instance, changes);
            } else if (now != null && now.status() == Status.MAINTENANCE) {
                setStatus(instance, now, RegistryStatus.MAINTENANCE, Kind.MAINTENANCE, changes);
            } else if (now != null && now.passing()) {
                confirm(instance, now, changes);
            } else if (instance.status() == RegistryStatus.PASSING) {
                lost.add(instance);
            } else if (instance.status() == RegistryStatus.UNCONFIRMED) {
                keepUp(instance);
            } else {
                demote(instance, changes);
            }
        }
        settle(lost, usable, changes);
        welcome(changes);
        service.publish(instances.values(), subset);
        return changes.list();
    }

    private void welcome(Changes changes) {
        for (Registration registration : latest.values()) {
            if (!instances.containsKey(registration.server())) {
                Instance instance = newInstance.create(service, registration);
                instances.put(registration.server(), instance);
                changes.add(Kind.CAME, instance);
            }
        }
    }

    /** Accepts that those are lost, unless they are too many, with those lost just before and those in doubt already. */
    private void settle(List<Instance> lost, int usable, Changes changes) {
        List<Instance> justLost =
                instances.values().stream().filter(this::justLost).toList();
        int missing =
                lost.size() + justLost.size() + count(instance -> instance.status() == RegistryStatus.UNCONFIRMED);
        if (!lost.isEmpty() && 2 * missing > usable + justLost.size()) {
            lost.addAll(justLost);
            doubt(lost, changes);
        } else {
            lost.forEach(instance -> demote(instance, changes));
        }
    }

    private int count(Predicate<Instance> which) {
        return (int) instances.values().stream().filter(which).count();
    }

    private @Nullable Registration latest(Instance instance) {
        return latest.get(instance.registration().server());
    }

    private boolean putInMaintenance(Instance instance) {
        Registration now = latest(instance);
        return now != null && now.status() == Status.MAINTENANCE;
    }

    /** Demotes instances that have been unconfirmed for too long. */
    List<InstanceChange> expire() {
        Changes changes = new Changes(service);
        for (Instance instance : List.copyOf(instances.values())) {
            if (instance.status() == RegistryStatus.UNCONFIRMED
                    && instance.registryState().lasts(benefitOfTheDoubt(instance), ticker.nanos())) {
                demote(instance, changes);
            }
        }
        if (!changes.list().isEmpty()) {
            service.publish(instances.values(), subset);
        }
        return changes.list();
    }

    /**
     * Returns how long an instance stays unconfirmed. Short if the registry lists it as failing and others as passing: the registry
     * works again, and heartbeats have corrected its state after a restart. Short, too, if the registry does not list it and it is
     * ejected: both show that it has ended.
     */
    private Duration benefitOfTheDoubt(Instance instance) {
        boolean believed = latest(instance) == null
                ? instance.ejected()
                : count(other -> other.status() == RegistryStatus.PASSING) > 0;
        return believed ? AT_ONCE : UNCONFIRMED_FOR;
    }

    private void confirm(Instance instance, Registration now, Changes changes) {
        if (instance.status() == RegistryStatus.PASSING && !now.equals(instance.registration())) {
            changes.add(Kind.RENEWED, instance);
        }
        setStatus(instance, now, RegistryStatus.PASSING, Kind.CONFIRMED, changes);
    }

    private void doubt(List<Instance> lost, Changes changes) {
        log.warn("the registry dropped {} of {} at once: kept as unconfirmed", lost, service.name());
        for (Instance instance : lost) {
            keepUp(instance);
            instance.setStatus(RegistryStatus.UNCONFIRMED, ticker.nanos());
            changes.add(Kind.DOUBTED, instance);
        }
    }

    private void keepUp(Instance instance) {
        Registration now = latest(instance);
        if (now != null) {
            instance.register(now);
        }
    }

    private boolean justLost(Instance instance) {
        return instance.registryState().failsSinceLessThan(AT_ONCE, ticker.nanos());
    }

    private void demote(Instance instance, Changes changes) {
        Registration now = latest(instance);
        if (now == null) {
            remove(instance, changes);
        } else {
            setStatus(instance, now, RegistryStatus.FAILING, Kind.FAILING, changes);
        }
    }

    private void setStatus(Instance instance, Registration now, RegistryStatus status, Kind change, Changes changes) {
        instance.register(now);
        if (instance.status() != status) {
            instance.setStatus(status, ticker.nanos());
            changes.add(change, instance);
        }
    }

    private void remove(Instance instance, Changes changes) {
        instances.remove(instance.registration().server());
        instance.setStatus(RegistryStatus.GONE, ticker.nanos());
        changes.add(Kind.GONE, instance);
    }
}
