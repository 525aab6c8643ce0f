package io.middleware.gateway.instances;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of an instance.
 *
 * @param change  {@code came}, {@code confirmed} (its checks pass), {@code renewed} (registered again), {@code failing}
 *                (a check fails), {@code doubted} (dropped with too many others), {@code maintenance}, {@code gone};
 *                from calls: {@code ejected}, {@code back}
 * @param because the reason, for a person; null when the change came from the registry
 */
record RecordedChange(
        Instant at,
        String service,
        String instance,
        String change,
        @Nullable String because) {}
