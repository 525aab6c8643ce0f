package io.middleware.gateway.recorder;

import io.middleware.core.record.CallRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call whose record is kept.
 *
 * @param id     its {@code x-call-id}; empty if it has none
 * @param caller who called, such as {@code key:shop}; null if that is not known
 * @param came   when it came in
 * @param resentAfter how long ago its caller, or Nginx, had sent it first; null if it had not been sent before
 * @param registryAge how old the registry's last response was when the call ended; zero while it responded
 * @param traits what is unusual about it; empty for one of the sample, or of the slowest
 */
record KeptCall(
        String id,
        @Nullable String caller,
        Instant came,
        @Nullable Duration resentAfter,
        Duration registryAge,
        Set<Trait> traits,
        CallRecord record) {}
