package io.middleware.gateway.reflection;

import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.gateway.reflection.CatalogBuilder.Parts;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.ServiceFiles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link Catalog} in line with the directory and the schema. Looks for changes five times a second, on a
 * thread of its own: no call waits until a catalog is built.
 */
public final class CatalogWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CatalogWatch.class);
    private static final long INTERVAL_MILLIS = 200;
    /** What cannot be built is tried again at every so many looks, or when it changes: in vain it costs as much. */
    private static final int LOOKS_PER_TRY = 25;

    private final Directory directory;
    private final Supplier<Schema> schemas;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("catalog").daemon().factory());
    private Seen seen = new Seen(Schema.EMPTY, Map.of(), Set.of());
    private Seen tried = seen;
    private int looks;
    private String failure = "";
    private final CatalogBuilder builder = new CatalogBuilder();
    private Parts parts = new Parts(new TreeMap<>(), Map.of());
    private volatile Catalog catalog = builder.build(parts);

    /** What can change the parts; {@code up}: the gRPC services that are. */
    private record Seen(Schema schema, Map<String, Route> routes, Set<String> up) {
        boolean same(Seen other) {
            return schema == other.schema && routes == other.routes && up.equals(other.up);
        }
    }

    /** {@code schemas}: returns the current schema. */
    public CatalogWatch(Directory directory, Supplier<Schema> schemas) {
        this.directory = directory;
        this.schemas = schemas;
    }

    /** Starts watching. */
    public void start() {
        thread.scheduleWithFixedDelay(this::refresh, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns the current catalog. */
    public Catalog catalog() {
        return catalog;
    }

    /** Looks for changes once. */
    void refresh() {
        try {
            Seen now = look();
            if (now.same(seen) || now.same(tried) && ++looks % LOOKS_PER_TRY != 0) {
                return;
            }
            tried = now;
            looks = 0;
            Parts newer = parts(now);
            if (!newer.equals(parts)) {
                catalog = builder.build(newer);
                parts = newer;
            }
            seen = now;
            failure = "";
        } catch (RuntimeException e) {
            // thrown on, it would end the schedule
            report(e);
        }
    }

    /** Logs a failure, but not again while it is the same. */
    private void report(RuntimeException e) {
        if (!failure.equals(e.toString())) {
            failure = e.toString();
            log.error("the catalog for server reflection cannot be built: reflection still gives the one before", e);
        }
    }

    private Seen look() {
        // read first: the promises of methods are set before their schema is published
        Schema schema = schemas.get();
        Map<String, Route> routes = directory.routes();
        Set<String> up = new HashSet<>();
        routes.forEach((grpcService, route) -> {
            if (route.candidates().up()) {
                up.add(grpcService);
            }
        });
        return new Seen(schema, routes, up);
    }

    private static Parts parts(Seen now) {
        SortedMap<String, @Nullable ServiceFiles> services = new TreeMap<>();
        Map<String, Idempotency> holds = new HashMap<>();
        for (String grpcService : now.up) {
            ServiceFiles files = now.schema.files().get(grpcService);
            services.put(grpcService, files);
            if (files != null) {
                addPromises(Objects.requireNonNull(now.routes.get(grpcService)), files, holds);
            }
        }
        services.keySet().removeAll(OwnServices.files().keySet());
        return new Parts(services, holds);
    }

    private static void addPromises(Route route, ServiceFiles files, Map<String, Idempotency> holds) {
        files.file().getServices().stream()
                .filter(service -> service.getFullName().equals(route.grpcService()))
                .flatMap(service -> service.getMethods().stream())
                .map(method -> "/" + route.grpcService() + "/" + method.getName())
                .forEach(path -> holds.put(path, route.service().traits(path).idempotency()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
