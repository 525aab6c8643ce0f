package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.core.Ticker;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks up types that no file of a service imports, by reflection, when a {@code google.protobuf.Any} needs them.
 * Callers can send any name, so an unknown one is not looked up again for {@link #UNKNOWN_NANOS}. Each version of a
 * service has its own limit of concurrent look-ups, so that no service waits for another. Further look-ups wait in
 * order of arrival, and fail after {@link #MAX_WAIT_NANOS}. Confined to the watch's event loop, except {@link #lookUp}.
 */
final class TypeLookups {
    private static final long UNKNOWN_NANOS = 10_000_000_000L;
    private static final long MAX_WAIT_NANOS = 10_000_000_000L;
    private static final int MAX_UNKNOWN = 1000;
    private static final int MAX_CONCURRENT = 16;
    private static final int MAX_PENDING = 10_000;
    private static final int MAX_INSTANCES = 3;

    private final Executor loop;
    private final ReflectionClient client;
    private final Collection<InstanceSchema> instances;
    private final Ticker ticker;
    private final Map<Key, CompletableFuture<Boolean>> pending = new HashMap<>();
    private final Map<Types, Lane> lanes = new HashMap<>();
    private final Map<Key, Long> unknown = new LinkedHashMap<>();

    /** The look-ups of one version of a service. */
    private static final class Lane {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int running;
    }

    private record Waiting(Key key, DescriptorFiles files, long since) {}

    /** Says, without a stack trace, why the existence of a type could not be determined. */
    private static final class LookupException extends Exception {
        LookupException(String reason) {
            super(reason, null, false, false);
        }
    }

    private record Key(Types types, String name) {}

    /** {@code instances}: a live view. */
    TypeLookups(Executor loop, ReflectionClient client, Collection<InstanceSchema> instances, Ticker ticker) {
        this.loop = loop;
        this.client = client;
        this.instances = instances;
        this.ticker = ticker;
    }

    /** Looks up a type at instances that described themselves by these files. */
    CompletionStage<Boolean> lookUp(DescriptorFiles files, Types types, String name) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        loop.execute(() -> begin(new Key(types, name), files, result));
        return result;
    }

    private void begin(Key key, DescriptorFiles files, CompletableFuture<Boolean> result) {
        Long since = unknown.get(key);
        CompletableFuture<Boolean> same = pending.get(key);
        if (same != null) {
            same.whenComplete((found, failure) -> complete(result, found, failure));
        } else if (key.types.message(key.name) != null) {
            result.complete(true);
        } else if (since != null && ticker.nanos() - since < UNKNOWN_NANOS) {
            result.complete(false);
        } else if (pending.size() >= MAX_PENDING) {
            result.completeExceptionally(new LookupException("too many types are looked up at a time"));
        } else {
            pending.put(key, result);
            Lane lane = lanes.computeIfAbsent(key.types, types -> new Lane());
            lane.waiting.add(new Waiting(key, files, ticker.nanos()));
            startWaiting(lane);
        }
    }

    private void startWaiting(Lane lane) {
        while (lane.running < MAX_CONCURRENT && !lane.waiting.isEmpty()) {
            Waiting next = lane.waiting.remove();
            lane.running++;
            if (ticker.nanos() - next.since > MAX_WAIT_NANOS) {
                end(next.key, "too many types are looked up at a time");
            } else {
                Deque<InstanceSchema> candidates = new ArrayDeque<>();
                instances.stream()
                        .filter(one -> one.latest() instanceof ReflectionResult.Found found
                                && found.files().equals(next.files))
                        .limit(MAX_INSTANCES)
                        .forEach(candidates::add);
                tryNext(next.key, candidates, "no instance with that description is left");
            }
        }
    }

    private void tryNext(Key key, Deque<InstanceSchema> candidates, String reason) {
        InstanceSchema one = candidates.poll();
        if (one == null) {
            end(key, reason);
            return;
        }
        client.query(one.instance(), one.timeout(), List.of(key.name), protos(key.types), result -> {
            switch (result) {
                case ReflectionResult.Found found -> {
                    add(found.files(), key.types);
                    end(key, null);
                }
                // the instance has described itself, so it lacks only this type
                case ReflectionResult.NotOffered none -> end(key, null);
                case ReflectionResult.Failed failed ->
                    tryNext(key, candidates, one.instance() + ": " + failed.reason());
            }
        });
    }

    private static Map<String, FileDescriptorProto> protos(Types types) {
        Map<String, FileDescriptorProto> protos = new HashMap<>();
        types.files().forEach(file -> protos.put(file.getName(), file.toProto()));
        return protos;
    }

    private static void add(DescriptorFiles files, Types types) {
        try {
            Collection<FileDescriptor> known = types.files();
            FileBuilder builder = new FileBuilder(files.parsed(), known);
            builder.build();
            types.add(builder.files());
        } catch (InvalidProtocolBufferException noDescriptors) {
            // the type stays unknown
        }
    }

    /** {@code failure}: why the existence of the type could not be determined; null if it could. */
    private void end(Key key, @Nullable String failure) {
        boolean found = key.types.message(key.name) != null;
        if (!found && failure == null) {
            unknown.remove(key);
            unknown.put(key, ticker.nanos());
            if (unknown.size() > MAX_UNKNOWN) {
                unknown.remove(unknown.keySet().iterator().next());
            }
        }
        complete(
                Objects.requireNonNull(pending.remove(key)),
                found,
                found || failure == null ? null : new LookupException(failure));
        Lane lane = Objects.requireNonNull(lanes.get(key.types));
        lane.running--;
        loop.execute(() -> startWaiting(lane));
        if (lane.running == 0 && lane.waiting.isEmpty()) {
            lanes.remove(key.types);
        }
    }

    private static void complete(CompletableFuture<Boolean> result, Boolean found, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(found);
        } else {
            result.completeExceptionally(failure);
        }
    }
}
