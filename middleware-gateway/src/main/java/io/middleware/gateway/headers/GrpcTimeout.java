package io.middleware.gateway.headers;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The value of {@code grpc-timeout}: up to eight digits and a unit. */
public final class GrpcTimeout {
    private static final long MOST = 99_999_999;

    private GrpcTimeout() {}

    /** Returns a value in the finest unit that eight digits can hold. */
    public static String format(long nanos) {
        long left = Math.max(0, nanos);
        if (left <= MOST) {
            return left + "n";
        }
        if (left / 1_000 <= MOST) {
            return left / 1_000 + "u";
        }
        if (left / 1_000_000 <= MOST) {
            return left / 1_000_000 + "m";
        }
        return Math.min(MOST, left / 1_000_000_000) + "S";
    }

    /**
     * Returns the nanoseconds of a value, {@link Long#MAX_VALUE} if they do not fit into a long.
     *
     * @throws IllegalArgumentException if the value is malformed; the message says what was expected
     */
    public static long parse(CharSequence value) {
        int last = value.length() - 1;
        if (last >= 1 && last <= 8) {
            TimeUnit unit = unit(value.charAt(last));
            if (unit != null && digits(value, last)) {
                return unit.toNanos(Long.parseLong(value, 0, last, 10));
            }
        }
        throw new IllegalArgumentException(
                "grpc-timeout: " + value + " (expected: up to 8 digits and a unit of H, M, S, m, u, n)");
    }

    private static boolean digits(CharSequence value, int end) {
        for (int i = 0; i < end; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable TimeUnit unit(char unit) {
        return switch (unit) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> null;
        };
    }
}
