package io.middleware.gateway.ended;

import io.middleware.core.Call;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.headers.MiddlewareHeaders;
import java.time.InstantSource;

/**
 * The record of a call that has ended, with what only the call itself knew.
 *
 * @param id      its {@code x-call-id}; empty if it has none
 * @param endedAt milliseconds since 1970
 */
public record EndedCall(String id, long endedAt, CallRecord record) {
    /** Called on the call's thread, when the record is given to listeners. */
    public static EndedCall of(CallRecord record, InstantSource clock) {
        Call call = record.call();
        CharSequence id = call == null ? null : call.headers().get(MiddlewareHeaders.CALL_ID);
        return new EndedCall(id == null ? "" : id.toString(), clock.millis(), record);
    }
}
