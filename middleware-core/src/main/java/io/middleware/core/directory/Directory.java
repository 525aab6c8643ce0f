package io.middleware.core.directory;

import io.middleware.core.RandomSource;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.Subset;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.InstanceGroup;
import io.middleware.core.instance.Registration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Holds which service serves a gRPC service, and which instances there are. Reading takes no lock: readers see an immutable
 * snapshot, which is replaced as a whole: by the registry's watch, and by outlier detection when the health of an instance changes.
 */
public final class Directory {
    private static final Logger log = LoggerFactory.getLogger(Directory.class);

    private final BalancerFactory balancers;
    private final InstanceFactory newInstance;
    private final Settings settings;
    private final Ticker ticker;
    private final RandomSource random;
    private final Level news;
    private final ChangeListeners changes;
    private final Map<String, RegistryDoubt> memberships = new LinkedHashMap<>();
    private final List<UseListener> useListeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> uses = new ConcurrentLinkedQueue<>();
    private final Claims claims = new Claims();
    private Subset subset = Subset.ALL;
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
        this(balancers, newInstance, settings, ticker, random, Level.INFO);
    }

    /** {@code news}: the level of lines in the log about what comes and goes. */
    public Directory(
            BalancerFactory balancers,
            InstanceFactory newInstance,
            Settings settings,
            Ticker ticker,
            RandomSource random,
            Level news) {
        this.balancers = balancers;
        this.newInstance = newInstance;
        this.settings = settings;
        this.ticker = ticker;
        this.random = random;
        this.news = news;
        this.changes = new ChangeListeners(news);
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
        changes.listen(listener);
    }

    /** Adds a listener that learns which instances come into use. */
    public void listenToUse(UseListener listener) {
        useListeners.add(listener);
    }

    /** Told after the routes have changed, if the registry's news are the cause; at once if the health of an instance is. */
    private void onUse(Service service, Instance instance, boolean inUse) {
        Runnable use = () -> useListeners.forEach(listener -> listener.onUse(service, instance, inUse));
        if (Thread.holdsLock(this)) {
            uses.add(use);
        } else {
            use.run();
        }
    }

    /** Decides which instances of large services are used, from now on. */
    public void use(Subset newer) {
        synchronized (this) {
            subset = newer;
            memberships.values().forEach(membership -> membership.use(newer));
        }
        tell();
    }

    public synchronized List<Service> services() {
        return memberships.values().stream().map(RegistryDoubt::service).toList();
    }

    /** Applies a response of the registry about a service: all its instances, healthy or not. */
    public void update(String name, Collection<Registration> registrations) {
        synchronized (this) {
            RegistryDoubt membership = memberships.computeIfAbsent(name, this::newMembership);
            changes.add(membership.update(registrations));
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
            memberships.values().forEach(membership -> changes.add(membership.expire()));
            if (changes.some() || claims.contested()) {
                route();
            }
        }
        tell();
    }

    private RegistryDoubt newMembership(String name) {
        Service service = new Service(name, balancers.create(name), settings, ticker, random, this::onUse);
        return new RegistryDoubt(service, newInstance, ticker, subset);
    }

    /** Calls the listeners without the directory's lock, as they may use the directory, and block. */
    private void tell() {
        for (Runnable use = uses.poll(); use != null; use = uses.poll()) {
            use.run();
        }
        changes.tell();
    }

    private void route() {
        Map<String, Route> newer = claims.routes(memberships.values());
        Map<String, Route> before = routes;
        if (!newer.equals(before)) {
            newer.forEach((grpcService, route) -> {
                if (!route.equals(before.get(grpcService))) {
                    log.atLevel(news).log("{} is served by {}", grpcService, route.inWords());
                }
            });
            before.keySet().stream()
                    .filter(grpcService -> !newer.containsKey(grpcService))
                    .forEach(grpcService -> log.atLevel(news).log("{} is served by nobody any more", grpcService));
            routes = Map.copyOf(newer);
        }
    }
}
