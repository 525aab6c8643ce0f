package io.middleware.gateway.headers;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code idempotency-key}. HTTP's draft has it as a quoted string, other callers send it bare: servers get it bare, so that
 * both are the same key. A header that is no key is passed on, and lets no call run again.
 *
 * <p>Source: draft-ietf-httpapi-idempotency-key-header.
 */
public final class IdempotencyKey {
    private static final int LONGEST = 255;

    private IdempotencyKey() {}

    /** Makes the key bare. Returns false if there is none, several, or one that servers refuse. */
    public static boolean normalize(Http2Headers request) {
        if (!request.contains(GrpcHeaders.IDEMPOTENCY_KEY)) {
            return false;
        }
        List<CharSequence> values = request.getAll(GrpcHeaders.IDEMPOTENCY_KEY);
        String key = values.size() == 1 ? bare(values.getFirst().toString()) : null;
        if (key == null) {
            return false;
        }
        request.set(GrpcHeaders.IDEMPOTENCY_KEY, key);
        return true;
    }

    /** Returns the key without quotes; null if it is none. */
    public static @Nullable String bare(String value) {
        String key = value.strip();
        if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            key = key.substring(1, key.length() - 1);
        }
        boolean visible = key.chars().allMatch(character -> character > ' ' && character < 0x7f);
        return visible && !key.isEmpty() && key.length() <= LONGEST ? key : null;
    }
}
