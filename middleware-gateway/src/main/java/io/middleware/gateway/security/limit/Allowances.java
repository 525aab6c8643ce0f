package io.middleware.gateway.security.limit;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The allowances of all callers, of which there are never more than a bound. When it is reached, one that is as good as new makes
 * room; a newcomer looks at a few only, and the next one goes on from there, so that nobody waits for a search. While none is
 * found, newcomers share the allowance of their rule for those without their own.
 */
final class Allowances {
    private static final int LOOKED_AT = 16;

    /** Whose allowance it is. */
    record Key(String caller, String rule) {}

    private final int most;
    private final ConcurrentHashMap<Key, Allowance> all = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private @Nullable Iterator<java.util.Map.Entry<Key, Allowance>> hand;

    Allowances(int most) {
        this.most = most;
    }

    /** Returns the caller's; null if there is none, and no room for one. */
    @Nullable
    Allowance of(Key key, long now) {
        Allowance known = all.get(key);
        return known != null ? known : create(key, now);
    }

    private @Nullable Allowance create(Key key, long now) {
        if (size.incrementAndGet() > most && !makeRoom(now)) {
            size.decrementAndGet();
            return all.get(key);
        }
        Allowance created = new Allowance(now);
        Allowance known = all.putIfAbsent(key, created);
        if (known == null) {
            return created;
        }
        size.decrementAndGet();
        return known;
    }

    /** Returns whether one was removed. While another thread looks, nothing is found: it does not wait. */
    private boolean makeRoom(long now) {
        if (!looking.compareAndSet(false, true)) {
            return false;
        }
        try {
            for (int i = 0; i < LOOKED_AT; i++) {
                if (hand == null || !hand.hasNext()) {
                    hand = all.entrySet().iterator();
                    if (!hand.hasNext()) {
                        return false;
                    }
                }
                var entry = hand.next();
                if (entry.getValue().retire(now) && all.remove(entry.getKey(), entry.getValue())) {
                    size.decrementAndGet();
                    return true;
                }
            }
            return false;
        } finally {
            looking.set(false);
        }
    }

    int size() {
        return all.size();
    }
}
