package io.middleware.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.middleware.core.Directory.Change;
import io.middleware.core.Instance.Standing;

/**
 * The instances of one service, brought in line with the registry's answers, but not blindly: where more than half of the usable
 * ones are lost at once, it is more likely the registry's failure than theirs. The lost become {@link Standing#UNCONFIRMED} and
 * stay in the choice until a connection to them is refused, or {@link #UNCONFIRMED_FOR} has passed. At once is
 * {@link #AT_ONCE}: a Consul that restarts finds its checks critical one after another. Used under {@link Directory}'s lock.
 */
final class Membership {
    static final Duration UNCONFIRMED_FOR = Duration.ofSeconds(60);
    static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final Service service;
    private final Directory.InstanceFactory newInstance;
    private final Ticker ticker;
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private Map<String, Registration> latest = Map.of();

    Membership(Service service, Directory.InstanceFactory newInstance, Ticker ticker) {
        this.service = service;
        this.newInstance = newInstance;
        this.ticker = ticker;
    }

    Service service() {
        return service;
    }

    /** Takes in the registry's answer: all instances, healthy or not. */
    List<Change> update(Collection<Registration> registrations) {
        latest = new LinkedHashMap<>();
        registrations.forEach(r -> latest.put(r.id(), r));
        List<Change> changes = new ArrayList<>();
        int usable = count(Instance::usable);
        List<Instance> lost = new ArrayList<>();
        for (Instance instance : List.copyOf(instances.values())) {
            Registration now = latest.get(instance.id());
            if (now != null && !now.sameServer(instance.registration())) {
                remove(instance, changes);
            } else if (now != null && now.passing()) {
                confirm(instance, now, changes);
            } else if (instance.standing() == Standing.PASSING) {
                lost.add(instance);
            } else if (instance.standing() == Standing.FAILING) {
                demote(instance, changes);
            }
        }
        settle(lost, usable, changes);
        for (Registration registration : latest.values()) {
            if (!instances.containsKey(registration.id())) {
                Instance instance = newInstance.create(service, registration);
                instances.put(registration.id(), instance);
                changes.add(new Change(Change.Kind.CAME, instance));
            }
        }
        service.publish(instances.values());
        return changes;
    }

    /** Believes that those are lost or, with those lost just before and those in doubt already, finds them too many. */
    private void settle(List<Instance> lost, int usable, List<Change> changes) {
        List<Instance> justLost = instances.values().stream().filter(this::justLost).toList();
        int missing = lost.size() + justLost.size() + count(instance -> instance.standing() == Standing.UNCONFIRMED);
        if (!lost.isEmpty() && 2 * missing > usable + justLost.size()) {
            lost.addAll(justLost);
            doubt(lost);
        } else {
            lost.forEach(instance -> demote(instance, changes));
        }
    }

    private int count(Predicate<Instance> which) {
        return (int) instances.values().stream().filter(which).count();
    }

    /** Ends the time of instances that have been unconfirmed for too long. */
    List<Change> expire() {
        List<Change> changes = new ArrayList<>();
        for (Instance instance : List.copyOf(instances.values())) {
            if (instance.standing() == Standing.UNCONFIRMED
                    && ticker.nanos() - instance.since() >= benefitOfTheDoubt(instance).toNanos()) {
                demote(instance, changes);
            }
        }
        if (!changes.isEmpty()) {
            service.publish(instances.values());
        }
        return changes;
    }

    /**
     * Short for an instance that the registry has, and finds failing, while it finds others passing: it works again, and what it
     * found at once after a restart has been set right by the next heartbeat.
     */
    private Duration benefitOfTheDoubt(Instance instance) {
        boolean found = latest.containsKey(instance.id());
        return found && count(other -> other.standing() == Standing.PASSING) > 0 ? AT_ONCE : UNCONFIRMED_FOR;
    }

    private void confirm(Instance instance, Registration now, List<Change> changes) {
        if (instance.standing() != Standing.PASSING) {
            changes.add(new Change(Change.Kind.CONFIRMED, instance));
        } else if (!now.equals(instance.registration())) {
            changes.add(new Change(Change.Kind.RENEWED, instance));
        }
        instance.register(now);
        instance.stand(Standing.PASSING, ticker.nanos());
    }

    private void doubt(List<Instance> lost) {
        log.warn("the registry dropped {} of {} at once: kept as unconfirmed", lost, service.name());
        lost.forEach(instance -> instance.stand(Standing.UNCONFIRMED, ticker.nanos()));
    }

    private boolean justLost(Instance instance) {
        return instance.standing() == Standing.FAILING && instance.before() == Standing.PASSING
                && ticker.nanos() - instance.since() < AT_ONCE.toNanos();
    }

    private void demote(Instance instance, List<Change> changes) {
        Registration now = latest.get(instance.id());
        if (now == null) {
            remove(instance, changes);
        } else {
            instance.register(now);
            if (instance.standing() != Standing.FAILING) {
                instance.stand(Standing.FAILING, ticker.nanos());
                changes.add(new Change(Change.Kind.FAILING, instance));
            }
        }
    }

    private void remove(Instance instance, List<Change> changes) {
        instances.remove(instance.id());
        instance.stand(Standing.GONE, ticker.nanos());
        changes.add(new Change(Change.Kind.GONE, instance));
    }
}
