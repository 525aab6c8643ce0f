package io.middleware.gateway.security;

import io.middleware.gateway.security.identity.ApiKeys;
import java.util.function.Supplier;

/** The keys of two sources, put together anew when one of them has others. */
final class BothKeys implements Supplier<ApiKeys> {
    private final Supplier<ApiKeys> first;
    private final Supplier<ApiKeys> second;
    private volatile Sum last;

    private record Sum(ApiKeys first, ApiKeys second, ApiKeys both) {
        static Sum of(ApiKeys first, ApiKeys second) {
            return new Sum(first, second, first.and(second));
        }
    }

    BothKeys(Supplier<ApiKeys> first, Supplier<ApiKeys> second) {
        this.first = first;
        this.second = second;
        this.last = Sum.of(first.get(), second.get());
    }

    @Override
    public ApiKeys get() {
        ApiKeys one = first.get();
        ApiKeys other = second.get();
        Sum known = last;
        if (known.first != one || known.second != other) {
            known = Sum.of(one, other);
            last = known;
        }
        return known.both;
    }
}
