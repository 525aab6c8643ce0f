package io.middleware.load.report;

/**
 * A call in a timeline.
 *
 * @param dueMicros     when it was due, in microseconds since 1970
 * @param latencyMicros how long it took from then
 * @param instance      which instance responded; empty when none did
 * @param gateway       the gateway on its way; empty when unknown
 * @param details       a line about it; may be empty for an ordinary one
 */
public record Dot(long dueMicros, long latencyMicros, String instance, String gateway, Mark mark, String details) {}
