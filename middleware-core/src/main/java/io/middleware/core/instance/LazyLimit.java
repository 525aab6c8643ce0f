package io.middleware.core.instance;

import org.jspecify.annotations.Nullable;

/** A concurrency limit, made with the first call: most instances of a large service never get one. */
final class LazyLimit {
    private volatile @Nullable ConcurrencyLimit limit;

    ConcurrencyLimit get(InstanceGroup group) {
        ConcurrencyLimit known = limit;
        if (known == null) {
            synchronized (this) {
                known = limit;
                if (known == null) {
                    known = new ConcurrencyLimit(group.settings().limit(), group.ticker());
                    limit = known;
                }
            }
        }
        return known;
    }
}
