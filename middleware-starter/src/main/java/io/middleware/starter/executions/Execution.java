package io.middleware.starter.executions;

/**
 * One run of the application's code.
 *
 * @param id          unique among all servers
 * @param callId      the call's {@code x-call-id}; empty without one
 * @param key         the idempotency key; empty without one
 * @param caller      the caller's name, as the gateway told; empty when it told none
 * @param method      full name
 * @param instance    this server
 * @param beganMicros when it began, by this server's clock, in microseconds since 1970
 */
record Execution(
        String id, String callId, String key, String caller, String method, String instance, long beganMicros) {}
