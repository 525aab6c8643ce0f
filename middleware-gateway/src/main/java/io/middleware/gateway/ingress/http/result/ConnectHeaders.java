package io.middleware.gateway.ingress.http.result;

import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the request headers that unary calls and streams of the Connect protocol have in common. */
public final class ConnectHeaders {
    public static final AsciiString VERSION = AsciiString.cached("connect-protocol-version");
    public static final AsciiString TIMEOUT = AsciiString.cached("connect-timeout-ms");

    private static final int MOST_DIGITS = 10;

    private ConnectHeaders() {}

    /**
     * Accepts version 1, and a missing header (null).
     *
     * @throws Refusal for another version
     */
    public static void checkVersion(@Nullable CharSequence version) {
        if (version != null && !AsciiString.contentEquals("1", version)) {
            throw ConnectError.invalidArgument("Connect-Protocol-Version: " + version + " (expected: 1)");
        }
    }

    /**
     * Returns nanoseconds; {@link Long#MAX_VALUE} if the header is missing.
     *
     * @throws Refusal if it is no time
     */
    public static long timeout(@Nullable CharSequence millis) {
        if (millis == null) {
            return Long.MAX_VALUE;
        }
        if (millis.isEmpty() || millis.length() > MOST_DIGITS || !millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw ConnectError.invalidArgument(
                    "Connect-Timeout-Ms: " + millis + " (expected: milliseconds, at most " + MOST_DIGITS + " digits)");
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis, 0, millis.length(), 10));
    }
}
