package io.middleware.gateway.ended;

import io.middleware.core.Call;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.headers.MiddlewareHeaders;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The record of a call that has ended, with what only the call itself knew.
 *
 * @param id      its {@code x-call-id}; empty if it has none
 * @param caller  who called, such as {@code key:shop}; null if nobody asked, or nobody in particular called
 * @param endedAt milliseconds since 1970
 */
public record EndedCall(String id, @Nullable String caller, long endedAt, CallRecord record) {
    /** Called on the call's thread, when the record is given to listeners. */
    public static EndedCall of(CallRecord record, InstantSource clock) {
        Call call = record.call();
        CharSequence id = call == null ? null : call.headers().get(MiddlewareHeaders.CALL_ID);
        return new EndedCall(id == null ? "" : id.toString(), caller(record), clock.millis(), record);
    }

    /** Returns who made a call, as above. Called when the record is given to listeners. */
    public static @Nullable String caller(CallRecord record) {
        Call call = record.call();
        CharSequence caller = call == null ? null : call.headers().get(MiddlewareHeaders.CALLER);
        return caller == null ? null : caller.toString();
    }
}
