package io.middleware.chaos.prove.workload;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call, by whatever protocol.
 *
 * @param method      full name
 * @param json        the message
 * @param callId      its {@code x-call-id}
 * @param key         its {@code idempotency-key}; empty for none
 * @param resentAfter how long ago the first call with this key was sent; null if this is the first, or at the same moment
 */
record Request(
        String method,
        String json,
        String callId,
        String key,
        @Nullable Duration resentAfter) {

    /** Returns what callers tell gateways. One that repeats a call by itself says so, and since when. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-call-id", callId);
        if (!key.isEmpty()) {
            headers.put("idempotency-key", key);
        }
        if (resentAfter != null) {
            headers.put("middleware-resent", String.format(Locale.ROOT, "%.3f", resentAfter.toMillis() / 1e3));
        }
        return headers;
    }

    boolean isResent() {
        return resentAfter != null;
    }
}
