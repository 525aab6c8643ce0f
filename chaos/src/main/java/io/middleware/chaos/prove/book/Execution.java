package io.middleware.chaos.prove.book;

/**
 * One run of an application's code, as its server noted it.
 *
 * @param id          unique
 * @param callId      the call's {@code x-call-id}; empty without one
 * @param key         the idempotency key that the server saw; empty without one
 * @param caller      the caller's name, as the gateway told; empty when it told none
 * @param method      full name
 * @param instance    which server
 * @param beganMicros when it began, by that server's clock, in microseconds since 1970
 */
public record Execution(
        String id, String callId, String key, String caller, String method, String instance, long beganMicros) {}
