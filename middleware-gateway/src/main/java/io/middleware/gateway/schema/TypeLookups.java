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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Looks up, by reflection, types that no file of a service imports, when they are met in a {@code google.protobuf.Any}. Callers can
 * send any name: what is not known is not asked for again for {@link #FORGOTTEN_AFTER}, and for each version of a service only so
 * much is asked for at a time, so that no service's look-ups wait for another's. Further ones wait in the order in which they came,
 * and fail after {@link #LONGEST_WAIT}. Confined to the watch's event loop, but for {@link #lookUp}.
 */
final class TypeLookups {
    private static final long FORGOTTEN_AFTER = 10_000_000_000L;
    private static final long LONGEST_WAIT = 10_000_000_000L;
    private static final int MOST_REMEMBERED = 1000;
    private static final int MOST_AT_A_TIME = 16;
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_ASKED = 3;

    private final Executor loop;
    private final ReflectionClient client;
    private final Collection<InstanceSchema> instances;
    private final Ticker ticker;
    private final Map<Key, CompletableFuture<Boolean>> underWay = new HashMap<>();
    private final Map<Types, Lane> lanes = new HashMap<>();
    private final Map<Key, Long> unknown = new LinkedHashMap<>();

    /** Look-ups of one version of a service. */
    private static final class Lane {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int asking;
    }

    private record Waiting(Key key, DescriptorFiles files, long since) {}

    /** Says, without a stack trace, why it is not known whether there is a type. */
    private static final class LookupException extends Exception {
        LookupException(String reason) {
            super(reason, null, false, false);
        }
    }

    private record Key(Types types, String name) {}

    /** {@code instances}: a view of those that there are. */
    TypeLookups(Executor loop, ReflectionClient client, Collection<InstanceSchema> instances, Ticker ticker) {
        this.loop = loop;
        this.client = client;
        this.instances = instances;
        this.ticker = ticker;
    }

    /** Asks instances that described themselves by these files. */
    CompletionStage<Boolean> lookUp(DescriptorFiles files, Types types, String name) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        loop.execute(() -> begin(new Key(types, name), files, result));
        return result;
    }

    private void begin(Key key, DescriptorFiles files, CompletableFuture<Boolean> result) {
        Long since = unknown.get(key);
        CompletableFuture<Boolean> same = underWay.get(key);
        if (same != null) {
            same.whenComplete((found, failure) -> complete(result, found, failure));
        } else if (key.types.message(key.name) != null) {
            result.complete(true);
        } else if (since != null && ticker.nanos() - since < FORGOTTEN_AFTER) {
            result.complete(false);
        } else if (underWay.size() >= MOST_WAITING) {
            result.completeExceptionally(new LookupException("too many types are looked up at a time"));
        } else {
            underWay.put(key, result);
            Lane lane = lanes.computeIfAbsent(key.types, types -> new Lane());
            lane.waiting.add(new Waiting(key, files, ticker.nanos()));
            askWaiting(lane);
        }
    }

    private void askWaiting(Lane lane) {
        while (lane.asking < MOST_AT_A_TIME && !lane.waiting.isEmpty()) {
            Waiting next = lane.waiting.remove();
            lane.asking++;
            if (ticker.nanos() - next.since > LONGEST_WAIT) {
                end(next.key, "too many types are looked up at a time");
            } else {
                Deque<InstanceSchema> toAsk = new ArrayDeque<>();
                instances.stream()
                        .filter(one -> one.latest() instanceof ReflectionResult.Found found
                                && found.files().equals(next.files))
                        .limit(MOST_ASKED)
                        .forEach(toAsk::add);
                askNext(next.key, toAsk, "no instance that describes it is there");
            }
        }
    }

    private void askNext(Key key, Deque<InstanceSchema> toAsk, String reason) {
        InstanceSchema one = toAsk.poll();
        if (one == null) {
            end(key, reason);
            return;
        }
        client.ask(one.instance(), one.patience(), List.of(key.name), protos(key.types), reflected -> {
            switch (reflected) {
                case ReflectionResult.Found found -> {
                    take(found.files(), key.types);
                    end(key, null);
                }
                // it described itself before: only this it does not have
                case ReflectionResult.NotOffered none -> end(key, null);
                case ReflectionResult.Failed failed -> askNext(key, toAsk, one.instance() + ": " + failed.reason());
            }
        });
    }

    private static Map<String, FileDescriptorProto> protos(Types types) {
        Map<String, FileDescriptorProto> protos = new HashMap<>();
        types.files().forEach(file -> protos.put(file.getName(), file.toProto()));
        return protos;
    }

    private static void take(DescriptorFiles files, Types types) {
        try {
            Collection<FileDescriptor> known = types.files();
            FileBuilder builder = new FileBuilder(files.parsed(), known);
            builder.build();
            types.add(builder.files());
        } catch (InvalidProtocolBufferException noDescriptors) {
            // the type stays unknown
        }
    }

    /** {@code failure}: why it could not be found out whether there is the type; null if it could. */
    private void end(Key key, String failure) {
        boolean found = key.types.message(key.name) != null;
        if (!found && failure == null) {
            unknown.remove(key);
            unknown.put(key, ticker.nanos());
            if (unknown.size() > MOST_REMEMBERED) {
                unknown.remove(unknown.keySet().iterator().next());
            }
        }
        complete(underWay.remove(key), found, found || failure == null ? null : new LookupException(failure));
        Lane lane = lanes.get(key.types);
        lane.asking--;
        loop.execute(() -> askWaiting(lane));
        if (lane.asking == 0 && lane.waiting.isEmpty()) {
            lanes.remove(key.types);
        }
    }

    private static void complete(CompletableFuture<Boolean> result, Boolean found, Throwable failure) {
        if (failure == null) {
            result.complete(found);
        } else {
            result.completeExceptionally(failure);
        }
    }
}
