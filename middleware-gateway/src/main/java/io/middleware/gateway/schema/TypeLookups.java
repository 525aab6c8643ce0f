package io.middleware.gateway.schema;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;

import io.middleware.core.Instance;
import io.middleware.core.Ticker;

/**
 * Looks up, by reflection, types that no file of a service imports, when they are met in a {@code google.protobuf.Any}. What is
 * not known is not asked for again for {@link #FORGOTTEN_AFTER}, and only so much is asked for at a time: callers can send any
 * name. Confined to the watch's event loop, but for {@link #lookUp}.
 */
final class TypeLookups {
    private static final long FORGOTTEN_AFTER = 10_000_000_000L;
    private static final int MOST_REMEMBERED = 1000;
    private static final int MOST_AT_A_TIME = 16;
    private static final int MOST_ASKED = 3;

    private final Executor loop;
    private final ReflectionClient client;
    private final Collection<InstanceSchema> instances;
    private final Ticker ticker;
    private final Map<Key, CompletableFuture<Boolean>> underWay = new HashMap<>();
    private final Map<Key, Long> unknown = new LinkedHashMap<>();

    private record Key(Types types, String name) { }

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
        boolean isUnknown = since != null && ticker.nanos() - since < FORGOTTEN_AFTER;
        CompletableFuture<Boolean> same = underWay.get(key);
        if (same != null) {
            same.thenAccept(result::complete);
        } else if (key.types.message(key.name) != null) {
            result.complete(true);
        } else if (isUnknown || underWay.size() >= MOST_AT_A_TIME) {
            result.complete(false);
        } else {
            underWay.put(key, result);
            Deque<Instance> toAsk = new ArrayDeque<>();
            instances.stream().filter(one -> one.latest() instanceof Reflected.Found found && found.files().equals(files))
                    .limit(MOST_ASKED).forEach(one -> toAsk.add(one.instance()));
            askNext(key, toAsk);
        }
    }

    private void askNext(Key key, Deque<Instance> toAsk) {
        Instance instance = toAsk.poll();
        if (instance == null) {
            end(key);
            return;
        }
        client.ask(instance, List.of(key.name), protos(key.types), answer -> {
            if (answer instanceof Reflected.Found found) {
                take(found.files(), key.types);
                end(key);
            } else {
                askNext(key, toAsk);
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

    private void end(Key key) {
        boolean found = key.types.message(key.name) != null;
        if (!found) {
            unknown.remove(key);
            unknown.put(key, ticker.nanos());
            if (unknown.size() > MOST_REMEMBERED) {
                unknown.remove(unknown.keySet().iterator().next());
            }
        }
        underWay.remove(key).complete(found);
    }
}
