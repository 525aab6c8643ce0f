package io.middleware.gateway.instances;

import java.time.Instant;

/**
 * Something became of an instance.
 *
 * @param change  {@code came}, {@code confirmed} (its checks pass), {@code renewed} (registered anew), {@code failing} (a check
 *                fails), {@code doubted} (dropped with too many others), {@code maintenance}, {@code gone}; by what calls saw: {@code ejected}, {@code back}
 * @param because in words; null where the registry said so
 */
record InstanceChange(Instant at, String service, String instance, String change, String because) {}
