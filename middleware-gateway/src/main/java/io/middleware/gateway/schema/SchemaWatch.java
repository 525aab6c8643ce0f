package io.middleware.gateway.schema;

import io.middleware.core.Timers;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Describer;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link Schema} in line with the directory. Queries each instance that comes into use, and queries it again when its
 * registration changes or a connection to it ends, because a restarted server may be of another version. A service
 * whose last instance is gone keeps its description, so that callers learn that the service is unavailable rather than
 * that there is no such method.
 *
 * <p>Works on the {@linkplain EventLoops#background() background} loop; the published schema is read by any thread.
 */
public final class SchemaWatch {
    private static final Logger log = LoggerFactory.getLogger(SchemaWatch.class);
    /** A description takes milliseconds. One slow service must not change the responses to unknown paths for longer. */
    private static final Duration NEW_FOR = Duration.ofSeconds(2);

    /** How many instances that have the same schema are queried: more than one, as one may hang. */
    private static final int ENOUGH = 3;

    private final Directory directory;
    private final Executor loop;
    private final Timers timers;
    private final ReflectionClient client;
    private final Map<Instance, InstanceSchema> instances = new LinkedHashMap<>();
    private final Descriptions descriptions;
    private final Set<Instance> undescribed = ConcurrentHashMap.newKeySet();
    private final Set<Service> known = ConcurrentHashMap.newKeySet();
    private final Set<Service> awaited = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Schema>> listeners = new ArrayList<>();
    private volatile Schema schema;

    public SchemaWatch(Directory directory, Http2Transport transport, EventLoops loops) {
        this(directory, transport, loops, Map.of());
    }

    /** {@code ownMethods}: the methods that the gateway serves itself, by path. */
    public SchemaWatch(
            Directory directory, Http2Transport transport, EventLoops loops, Map<String, Method> ownMethods) {
        EventLoop own = loops.background();
        this.directory = directory;
        this.loop = own;
        this.timers = EventLoops.timers(own);
        this.client = new ReflectionClient(transport, timers);
        this.descriptions = new Descriptions(
                directory, ownMethods, new TypeLookups(own, client, instances.values(), System::nanoTime)::lookUp);
        this.schema = new Schema(ownMethods, Map.of());
        transport.whenEnded(instance -> {
            instance.version().renewed();
            loop.execute(() -> {
                InstanceSchema known = instances.get(instance);
                if (known != null) {
                    known.onConnectionEnd();
                } else if (instance.inUse() && instance.group() instanceof Service service) {
                    // described by others until now: the server may have been replaced before its registration was
                    query(service, instance);
                }
            });
        });
    }

    /** Starts watching, with the instances that the directory already has. */
    public void start() {
        directory.listenToUse((service, instance, inUse) -> {
            if (inUse) {
                onAppeared(service, instance);
            } else {
                onGone(service, instance);
            }
        });
        directory.listen(change -> {
            switch (change.kind()) {
                case CONFIRMED, RENEWED -> refresh(change.service(), change.instance());
                case CAME, GONE, FAILING, DOUBTED, MAINTENANCE -> {}
            }
        });
        directory
                .services()
                .forEach(service -> service.known().stream()
                        .filter(Instance::inUse)
                        .forEach(instance -> onAppeared(service, instance)));
    }

    /** Returns the current schema. */
    public Schema schema() {
        return schema;
    }

    /**
     * Calls the listener with the current schema, and again after each result of a query; on the watch's event loop.
     */
    public void listen(Consumer<Schema> listener) {
        loop.execute(() -> {
            listeners.add(listener);
            listener.accept(schema);
        });
    }

    /**
     * Returns whether each instance of the directory has described itself or failed to; before that, methods may be
     * missing.
     */
    public boolean settled() {
        return directory.loaded() && undescribed.isEmpty();
    }

    /**
     * Returns whether mappings may be missing because a service is new: none of its instances has described itself yet,
     * and the first appeared less than two seconds ago.
     */
    public boolean awaitsNewService() {
        return !directory.loaded() || !awaited.isEmpty();
    }

    private void onAppeared(Service service, Instance instance) {
        if (known.add(service)) {
            awaited.add(service);
            loop.execute(() -> timers.schedule(() -> awaited.remove(service), NEW_FOR.toNanos()));
        }
        // added on the directory's thread: otherwise the instance would seem settled until the event loop runs
        undescribed.add(instance);
        refresh(service, instance);
    }

    private void refresh(Service service, Instance instance) {
        loop.execute(() -> {
            if (instance.status() == RegistryStatus.GONE || !instance.inUse()) {
                undescribed.remove(instance);
                return;
            }
            if (!instances.containsKey(instance) && enoughAlike(instance)) {
                undescribed.remove(instance);
                return;
            }
            query(service, instance);
        });
    }

    /** Queries an instance again, because its server may have been replaced. {@code done}: see {@link Describer}. */
    public void describe(Instance instance, Runnable done) {
        loop.execute(() -> {
            if (instance.status() != RegistryStatus.GONE
                    && instance.inUse()
                    && instance.group() instanceof Service service) {
                schemaOf(service, instance).refresh(done);
            } else {
                done.run();
            }
        });
    }

    private void query(Service service, Instance instance) {
        schemaOf(service, instance).refresh();
    }

    private InstanceSchema schemaOf(Service service, Instance instance) {
        return instances.computeIfAbsent(
                instance, i -> new InstanceSchema(i, client, timers, described -> onResult(service, described)));
    }

    /** Returns whether others were queried that describe themselves alike: a large service has few versions. */
    private boolean enoughAlike(Instance instance) {
        String schema = instance.registration().schema();
        if (schema.isEmpty()) {
            return false;
        }
        int alike = 0;
        for (Instance other : instances.keySet()) {
            if (other.group() == instance.group()
                    && other.registration().schema().equals(schema)
                    && ++alike >= ENOUGH) {
                return true;
            }
        }
        return false;
    }

    private void onGone(Service service, Instance instance) {
        loop.execute(() -> {
            if (instance.inUse() && instance.status() != RegistryStatus.GONE) {
                return; // it is back
            }
            InstanceSchema gone = instances.remove(instance);
            if (gone != null) {
                gone.end();
                publish(service);
                replace(service, instance.registration().schema());
            }
            undescribed.remove(instance);
        });
    }

    /** Queries another instance of a schema, if there are any left. */
    private void replace(Service service, String schema) {
        if (!schema.isEmpty()) {
            service.known().stream()
                    .filter(Instance::inUse)
                    .filter(other -> other.registration().schema().equals(schema))
                    .filter(other -> !instances.containsKey(other))
                    .findFirst()
                    .filter(other -> !enoughAlike(other))
                    .ifPresent(other -> query(service, other));
        }
    }

    private void onResult(Service service, InstanceSchema described) {
        Instance instance = described.instance();
        if (undescribed.contains(instance)) {
            switch (described.latest()) {
                case null -> {}
                case ReflectionResult.Found found -> log.debug("{} described itself", instance);
                case ReflectionResult.NotOffered none ->
                    log.warn(
                            "{} of {} offers no reflection: its methods can be called by gRPC but not by JSON, "
                                    + "and count as not idempotent",
                            instance,
                            service);
                case ReflectionResult.Failed failed ->
                    log.info("{} of {} is not described yet: {}", instance, service, failed.reason());
            }
        }
        publish(service);
        awaited.remove(service);
        undescribed.remove(instance);
    }

    private void publish(Service service) {
        descriptions.update(service, instances.values());
        Schema newer = descriptions.schema(schema, instances.values());
        if (newer.methods() != schema.methods()) {
            log.info("described: {}", new TreeSet<>(newer.files().keySet()));
        }
        listeners.forEach(listener -> listener.accept(newer));
        schema = newer;
    }
}
