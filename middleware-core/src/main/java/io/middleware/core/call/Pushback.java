package io.middleware.core.call;

import io.middleware.core.Headers;

/**
 * What a server that refused a call asks for, in the trailer {@value #NAME}: no retry, or no retry before so many
 * milliseconds. A value that cannot be read means no retry.
 *
 * <p>Source: gRFC A6, "Pushback".
 */
final class Pushback {
    static final String NAME = "grpc-retry-pushback-ms";
    /** The server does not mention it. */
    static final long NONE = -1;
    /** No retry, and no hedge. */
    static final long NEVER = -2;

    private static final int MOST_DIGITS = 9;

    private Pushback() {}

    /** Returns the milliseconds that a retry has to wait, {@link #NONE} or {@link #NEVER}. */
    static long of(Headers trailers) {
        CharSequence value = trailers.get(NAME);
        if (value == null) {
            return NONE;
        }
        long millis = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i == MOST_DIGITS) {
                return NEVER;
            }
            millis = 10 * millis + digit;
        }
        return value.isEmpty() ? NEVER : millis;
    }
}
