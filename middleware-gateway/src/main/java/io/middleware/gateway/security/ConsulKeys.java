package io.middleware.gateway.security;

import io.middleware.gateway.consul.KeyValues;
import io.middleware.gateway.security.identity.ApiKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys that Consul has: entries {@code NAME} or {@code NAME/ANYTHING} below a prefix, each with the hash of a key. Known are
 * those that were read last, however long Consul is away. An entry that is wrong is left out: it lets nobody in.
 */
final class ConsulKeys implements Supplier<ApiKeys>, KeyValues.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConsulKeys.class);
    private static final String SETTING = "middleware.security.keys.consul-prefix";

    private KeyValues.@Nullable Following following;
    private volatile ApiKeys keys = ApiKeys.NOT_READ;
    private volatile List<String> wrong = List.of();
    private volatile @Nullable String problem = "not read yet";

    private ConsulKeys() {}

    /** Returns those below a prefix, which are followed from now on. */
    static ConsulKeys follow(KeyValues store, String prefix) {
        ConsulKeys keys = new ConsulKeys();
        keys.following = store.follow(prefix, keys);
        return keys;
    }

    /** Returns those that hold; {@link ApiKeys#NOT_READ} until they have been read once. */
    @Override
    public ApiKeys get() {
        return keys;
    }

    @Override
    public void onEntries(Map<String, String> entries) {
        ApiKeys.Builder read = new ApiKeys.Builder();
        List<String> unusable = new ArrayList<>();
        new TreeMap<>(entries).forEach((key, hash) -> {
            int slash = key.indexOf('/');
            try {
                read.add(key, slash < 0 ? key : key.substring(0, slash), hash);
            } catch (IllegalArgumentException none) {
                unusable.add(key);
            }
        });
        keys = read.build();
        if (!unusable.equals(wrong)) {
            unusable.forEach(key -> log.error(
                    "{}: the entry {} is left out (expected: NAME or NAME/ANYTHING, with a SHA-256 as 64 hexadecimal"
                            + " digits)",
                    SETTING,
                    key));
            wrong = List.copyOf(unusable);
        }
    }

    @Override
    public void onRead() {
        if (problem != null) {
            log.info("{}: {} keys are read", SETTING, keys.size());
            problem = null;
        }
    }

    @Override
    public void onProblem(String why) {
        if (!why.equals(problem)) {
            log.error("{}: what is known holds, {} keys: {}", SETTING, keys.size(), why);
            problem = why;
        }
    }

    @Override
    public void close() {
        if (following != null) {
            following.close();
        }
    }

    /** Returns why no newer ones are known; null if these are the newest. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Returns the entries that are left out. */
    List<String> wrong() {
        return wrong;
    }
}
