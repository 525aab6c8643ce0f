package io.middleware.gateway.protojson;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes times by RFC 3339, with upper-case {@code T} and {@code Z} and without leap seconds, which a
 * {@code Timestamp} does not have, and durations as decimal seconds with an {@code s}. Each method returns null for a
 * value that is neither.
 */
final class TimeText {
    private static final Pattern TIMESTAMP =
            Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
                    + "(?:\\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))");
    private static final Pattern DURATION = Pattern.compile("(-?)(0|[1-9][0-9]{0,11})(?:\\.([0-9]{1,9}))?s");
    /** 0001-01-01T00:00:00Z. */
    private static final long FIRST_SECOND = -62_135_596_800L;
    /** 9999-12-31T23:59:59Z. */
    private static final long LAST_SECOND = 253_402_300_799L;
    /** Ten thousand years. */
    private static final long MAX_DURATION_SECONDS = 315_576_000_000L;

    private static final int NANOS = 1_000_000_000;

    private TimeText() {}

    static @Nullable Timestamp timestamp(String text) {
        Matcher parts = TIMESTAMP.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int hours = parts.group(8) == null ? 0 : number(parts, 9);
        int minutes = parts.group(8) == null ? 0 : number(parts, 10);
        if (hours > 23 || minutes > 59) {
            return null;
        }
        try {
            long local = LocalDateTime.of(
                            number(parts, 1),
                            number(parts, 2),
                            number(parts, 3),
                            number(parts, 4),
                            number(parts, 5),
                            number(parts, 6))
                    .toEpochSecond(ZoneOffset.UTC);
            long offset = 60L * (60 * hours + minutes);
            long seconds = "-".equals(parts.group(8)) ? local + offset : local - offset;
            return seconds < FIRST_SECOND || seconds > LAST_SECOND
                    ? null
                    : Timestamp.newBuilder()
                            .setSeconds(seconds)
                            .setNanos(nanos(parts.group(7)))
                            .build();
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    static @Nullable Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int sign = parts.group(1).isEmpty() ? 1 : -1;
        long seconds = Long.parseLong(parts.group(2));
        return seconds > MAX_DURATION_SECONDS
                ? null
                : Duration.newBuilder()
                        .setSeconds(sign * seconds)
                        .setNanos(sign * nanos(parts.group(3)))
                        .build();
    }

    static @Nullable String timestamp(long seconds, int nanos) {
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS) {
            return null;
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        return digits(time.getYear(), 4) + "-" + digits(time.getMonthValue(), 2) + "-" + digits(time.getDayOfMonth(), 2)
                + "T" + digits(time.getHour(), 2) + ":" + digits(time.getMinute(), 2) + ":"
                + digits(time.getSecond(), 2)
                + fraction(nanos) + "Z";
    }

    static @Nullable String duration(long seconds, int nanos) {
        boolean signsDiffer = seconds < 0 && nanos > 0 || seconds > 0 && nanos < 0;
        if (seconds < -MAX_DURATION_SECONDS
                || seconds > MAX_DURATION_SECONDS
                || nanos <= -NANOS
                || nanos >= NANOS
                || signsDiffer) {
            return null;
        }
        return (seconds < 0 || nanos < 0 ? "-" : "") + Math.abs(seconds) + fraction(Math.abs(nanos)) + "s";
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static int nanos(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits + "0".repeat(9 - digits.length()));
    }

    private static String digits(int number, int width) {
        String digits = Integer.toString(number);
        return "0".repeat(width - digits.length()) + digits;
    }

    /** Returns nothing, or a point with three, six or nine digits. */
    private static String fraction(int nanos) {
        if (nanos == 0) {
            return "";
        }
        String digits = digits(nanos, 9);
        return "."
                + (nanos % 1_000_000 == 0
                        ? digits.substring(0, 3)
                        : nanos % 1_000 == 0 ? digits.substring(0, 6) : digits);
    }
}
