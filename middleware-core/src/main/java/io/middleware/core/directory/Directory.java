package io.middleware.core.directory;

import io.middleware.core.RandomSource;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.InstanceGroup;
import io.middleware.core.instance.Registration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds which service serves a gRPC service, and which instances there are. Reading takes no lock: readers see an immutable
 * snapshot, which is replaced as a whole: by the registry's watch, and by outlier detection when the health of an instance changes.
 */
public final class Directory {
    private static final Logger log = LoggerFactory.getLogger(Directory.class);

    /** False is before true, and the statuses are declared from the best to the worst. */
    private static final Comparator<Instance> BY_CLAIM = Comparator.comparing(Instance::isUnavailable)
            .thenComparing(Instance::status)
            .thenComparingLong(instance -> instance.registration().createIndex());

    private final BalancerFactory balancers;
    private final InstanceFactory newInstance;
    private final Settings settings;
    private final Ticker ticker;
    private final RandomSource random;
    private final List<Consumer<InstanceChange>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<InstanceChange> news = new ConcurrentLinkedQueue<>();
    private final ReentrantLock telling = new ReentrantLock();
    private final Map<String, RegistryDoubt> memberships = new LinkedHashMap<>();
    private final Set<Set<Service>> contested = new HashSet<>();
    private volatile Map<String, Route> routes = Map.of();
    private final CountDownLatch loaded = new CountDownLatch(1);

    /** Makes an instance from its registration. */
    @FunctionalInterface
    public interface InstanceFactory {
        Instance create(InstanceGroup group, Registration registration);
    }

    /** Makes the balancer of a service, when the service appears. */
    @FunctionalInterface
    public interface BalancerFactory {
        Balancer create(String service);
    }

    public Directory(BalancerFactory balancers, InstanceFactory newInstance, Settings settings, Ticker ticker) {
        this(balancers, newInstance, settings, ticker, RandomSource.system());
    }

    public Directory(
            BalancerFactory balancers,
            InstanceFactory newInstance,
            Settings settings,
            Ticker ticker,
            RandomSource random) {
        this.balancers = balancers;
        this.newInstance = newInstance;
        this.settings = settings;
        this.ticker = ticker;
        this.random = random;
    }

    /** Returns the service that serves the gRPC service with this full name; null if none does. */
    public @Nullable Service serviceOf(String grpcService) {
        Route route = routes.get(grpcService);
        return route == null ? null : route.service();
    }

    /** Returns the route to the gRPC service with this full name; null if no service has it. */
    public @Nullable Route route(String grpcService) {
        return routes.get(grpcService);
    }

    /** Returns the route to each gRPC service by its full name. */
    public Map<String, Route> routes() {
        return routes;
    }

    /** Returns whether the registry has listed the services once. */
    public boolean loaded() {
        return loaded.getCount() == 0;
    }

    /** Blocks until the registry has listed the services once. */
    public void awaitLoaded() throws InterruptedException {
        loaded.await();
    }

    /** Called when the registry has listed the services, and {@link #update} was called for each. */
    public void markLoaded() {
        loaded.countDown();
    }

    /**
     * Adds a listener, called after each change took effect, one after another, on the thread that made it. An exception from it is
     * logged, and stops no other listener. It may block: only the registry's watch waits for it.
     */
    public void listen(Consumer<InstanceChange> listener) {
        listeners.add(listener);
    }

    public synchronized List<Service> services() {
        return memberships.values().stream().map(RegistryDoubt::service).toList();
    }

    /** Applies a response of the registry about a service: all its instances, healthy or not. */
    public void update(String name, Collection<Registration> registrations) {
        synchronized (this) {
            RegistryDoubt membership = memberships.computeIfAbsent(name, this::newMembership);
            news.addAll(membership.update(registrations));
            route();
        }
        tell();
    }

    /**
     * Demotes instances that have been unconfirmed for too long, and decides again which of several claims to a gRPC service is the
     * best, as instances may have been ejected or readmitted since. Called about every second.
     */
    public void expire() {
        synchronized (this) {
            memberships.values().forEach(membership -> news.addAll(membership.expire()));
            if (!news.isEmpty() || !contested.isEmpty()) {
                route();
            }
        }
        tell();
    }

    private RegistryDoubt newMembership(String name) {
        Service service = new Service(name, balancers.create(name), settings, ticker, random);
        return new RegistryDoubt(service, newInstance, ticker);
    }

    /** Calls the listeners without the directory's lock, as they may use the directory, and block. */
    private void tell() {
        if (telling.isHeldByCurrentThread()) {
            return; // a listener made this change: the loop that called it reports this one next
        }
        telling.lock();
        try {
            for (InstanceChange change = news.poll(); change != null; change = news.poll()) {
                tell(change);
            }
        } finally {
            telling.unlock();
        }
    }

    private void tell(InstanceChange change) {
        if (change.kind() != InstanceChange.Kind.RENEWED && change.kind() != InstanceChange.Kind.DOUBTED) {
            log.info(
                    "{} of {} {}",
                    change.instance(),
                    change.service(),
                    change.kind().inWords());
        }
        for (Consumer<InstanceChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                log.error("{} of {}: a listener failed at {}", change.instance(), change.service(), change.kind(), e);
            }
        }
    }

    /**
     * Decides which service serves each gRPC service. Of two that claim the same, the one with a passing instance that is not ejected
     * has it, else one with an unconfirmed instance that is not ejected; of two such, the older. A gRPC service that no instance
     * claims any more is gone.
     */
    private void route() {
        Map<String, Claim> claims = new HashMap<>();
        for (RegistryDoubt membership : memberships.values()) {
            for (Instance instance : membership.service().instances()) {
                Claim claim = new Claim(membership.service(), instance);
                for (String grpcService : instance.registration().grpcServices()) {
                    claims.merge(grpcService, claim, this::better);
                }
            }
        }
        Map<String, Route> newer = new HashMap<>();
        claims.forEach((grpcService, claim) -> newer.put(grpcService, Route.of(claim.service, grpcService)));
        Map<String, Route> before = routes;
        if (!newer.equals(before)) {
            newer.forEach((grpcService, route) -> {
                if (!route.equals(before.get(grpcService))) {
                    log.info("{} is served by {}", grpcService, route.inWords());
                }
            });
            before.keySet().stream()
                    .filter(grpcService -> !newer.containsKey(grpcService))
                    .forEach(grpcService -> log.info("{} is served by nobody any more", grpcService));
            routes = Map.copyOf(newer);
        }
    }

    private Claim better(Claim a, Claim b) {
        if (a.service != b.service && contested.add(Set.of(a.service, b.service))) {
            log.warn("{} and {} serve a gRPC service of the same name: the older one has it", a.service, b.service);
        }
        return BY_CLAIM.compare(a.instance, b.instance) <= 0 ? a : b;
    }

    /** An instance that lists a gRPC service, with its service. */
    private record Claim(Service service, Instance instance) {}
}
