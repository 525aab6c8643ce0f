package io.middleware.gateway.recorder;

import io.middleware.core.record.CallRecord;
import java.time.Instant;
import java.util.Set;

/**
 * A call whose record is kept.
 *
 * @param id     its {@code x-call-id}; empty if it has none
 * @param came   when it came in
 * @param traits what is unusual about it; empty for one that was picked at random
 */
record KeptCall(String id, Instant came, Set<Trait> traits, CallRecord record) {}
