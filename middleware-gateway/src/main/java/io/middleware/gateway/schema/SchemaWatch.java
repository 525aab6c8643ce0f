package io.middleware.gateway.schema;

import io.middleware.core.Directory;
import io.middleware.core.Instance;
import io.middleware.core.Service;
import io.middleware.core.Timers;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link Schema} in line with the directory: asks each instance that comes, and again when the registry has news of it
 * or a connection to it has ended, since a restarted server may be of another version. A service whose last instance is gone keeps
 * its description, so that its callers are told that it is not there, and not that there is no such method.
 *
 * <p>Works on the {@linkplain EventLoops#background() background} loop; what it publishes is read anywhere.
 */
public final class SchemaWatch {
    private static final Logger log = LoggerFactory.getLogger(SchemaWatch.class);
    /** Describing takes milliseconds. For longer, one slow service must not change the responses to paths that nobody serves. */
    private static final Duration NEW_FOR = Duration.ofSeconds(2);

    private final Directory directory;
    private final Executor loop;
    private final Timers timers;
    private final ReflectionClient client;
    private final Map<Instance, InstanceSchema> instances = new LinkedHashMap<>();
    private final Descriptions descriptions;
    private final Set<Instance> unheard = ConcurrentHashMap.newKeySet();
    private final Set<Service> known = ConcurrentHashMap.newKeySet();
    private final Set<Service> awaited = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Schema>> listeners = new ArrayList<>();
    private volatile Schema schema = Schema.EMPTY;

    public SchemaWatch(Directory directory, Http2Transport transport, EventLoops loops) {
        EventLoop own = loops.background();
        this.directory = directory;
        this.loop = own;
        this.timers = EventLoops.timers(own);
        this.client = new ReflectionClient(transport, timers);
        this.descriptions =
                new Descriptions(directory, new TypeLookups(own, client, instances.values(), System::nanoTime)::lookUp);
        transport.whenEnded(instance -> {
            instance.renewed();
            loop.execute(() -> {
                InstanceSchema known = instances.get(instance);
                if (known != null) {
                    known.renewed();
                }
            });
        });
    }

    /** Starts with the instances that the directory knows already. */
    public void start() {
        directory.listen(change -> {
            switch (change.kind()) {
                case CAME -> welcome(change.instance());
                case CONFIRMED, RENEWED -> refresh(change.instance());
                case GONE -> forget(change.instance());
                case FAILING, DOUBTED, MAINTENANCE -> {}
            }
        });
        directory.services().forEach(service -> service.candidates().all().forEach(this::welcome));
    }

    /** What is known at the moment. */
    public Schema schema() {
        return schema;
    }

    /** Hears what is known now, and each time that something was heard anew; on the watch's event loop. */
    public void listen(Consumer<Schema> listener) {
        loop.execute(() -> {
            listeners.add(listener);
            listener.accept(schema);
        });
    }

    /** Whether each instance of the directory was heard, or was found not to answer; before that, methods may be missing. */
    public boolean settled() {
        return directory.loaded() && unheard.isEmpty();
    }

    /**
     * Returns whether mappings may be missing because a service is new: none of its instances has been heard yet, and the first
     * came less than two seconds ago.
     */
    public boolean awaitsNewService() {
        return !directory.loaded() || !awaited.isEmpty();
    }

    private void welcome(Instance instance) {
        Service service = instance.service();
        if (known.add(service)) {
            awaited.add(service);
            loop.execute(() -> timers.schedule(() -> awaited.remove(service), NEW_FOR.toNanos()));
        }
        // noted at once, on the directory's thread: there is no moment when the instance is known and seems to be
        // settled
        unheard.add(instance);
        refresh(instance);
    }

    private void refresh(Instance instance) {
        loop.execute(() -> {
            if (instance.standing() == Instance.Standing.GONE) {
                unheard.remove(instance);
                return;
            }
            instances
                    .computeIfAbsent(instance, i -> new InstanceSchema(i, client, timers, this::heard))
                    .refresh();
        });
    }

    private void forget(Instance instance) {
        loop.execute(() -> {
            InstanceSchema gone = instances.remove(instance);
            if (gone != null) {
                gone.end();
                publish(instance.service());
            }
            unheard.remove(instance);
        });
    }

    private void heard(InstanceSchema answered) {
        Instance instance = answered.instance();
        if (unheard.contains(instance)) {
            switch (answered.latest()) {
                case ReflectionResult.Found found -> log.debug("{} described itself", instance);
                case ReflectionResult.NotOffered none ->
                    log.warn(
                            "{} of {} offers no reflection: its methods can be called by gRPC, "
                                    + "but not by JSON, and are never repeated",
                            instance,
                            instance.service());
                case ReflectionResult.Failed failed ->
                    log.info("{} of {} is not described yet: {}", instance, instance.service(), failed.reason());
            }
        }
        publish(instance.service());
        awaited.remove(instance.service());
        unheard.remove(instance);
    }

    private void publish(Service service) {
        descriptions.update(service, instances.values());
        Schema newer = descriptions.schema(schema, instances.values());
        if (newer.methods() != schema.methods()) {
            log.info("described: {}", newer.grpcServices());
        }
        listeners.forEach(listener -> listener.accept(newer));
        schema = newer;
    }
}
