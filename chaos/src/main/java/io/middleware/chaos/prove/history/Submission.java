package io.middleware.chaos.prove.history;

/**
 * One request of a caller, and how it ended.
 *
 * @param operation    which operation it belongs to; those with a key may have several submissions
 * @param callId       its {@code x-call-id}, of which each submission has its own
 * @param key          its idempotency key; empty without one
 * @param protocol     {@code gRPC} or {@code HTTP}
 * @param beginMicros  when it was sent, in microseconds since 1970
 * @param endMicros    when it ended
 * @param status       code and text of the response; {@code OK} where it succeeded
 * @param attempts     how many attempts the gateway reports; 0 when it reports none
 * @param instance     the instance that responded; empty when the response names none
 * @param gateway      the gateway; empty when the response names none
 * @param replayed     whether the response is marked as that of an earlier execution
 * @param responseHash of the response's bytes; empty without a response
 */
public record Submission(
        int operation,
        Kind kind,
        String protocol,
        String callId,
        String key,
        long beginMicros,
        long endMicros,
        Told told,
        String status,
        int attempts,
        String instance,
        String gateway,
        boolean replayed,
        String responseHash) {

    public boolean ok() {
        return told == Told.OK;
    }
}
