package io.middleware.starter.fault;

import io.middleware.starter.UnitsRequired;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;

/** A way to fail on purpose. */
sealed interface Fault {

    /** Fails no call. */
    record None() implements Fault {
        @Override
        public String toString() {
            return "none";
        }
    }

    /** Fails every call with {@code UNAVAILABLE}. */
    record Unavailable() implements Fault {
        @Override
        public String toString() {
            return "unavailable";
        }
    }

    /** Fails every call with {@code INTERNAL}. */
    record Internal() implements Fault {
        @Override
        public String toString() {
            return "internal";
        }
    }

    /** Accepts every call and never responds. */
    record Hang() implements Fault {
        @Override
        public String toString() {
            return "hang";
        }
    }

    /** Delays every call. */
    record Slow(Duration by) implements Fault {
        @Override
        public String toString() {
            return "slow=" + DurationStyle.SIMPLE.print(by);
        }
    }

    /** Fails this percentage of calls, drawn at random, with {@code UNAVAILABLE}. */
    record Flaky(int percent) implements Fault {
        @Override
        public String toString() {
            return "flaky=" + percent;
        }
    }

    /**
     * Works on {@code places} calls at a time, for {@code each} on each. The others wait in a queue, first come, first
     * served.
     */
    record Busy(int places, Duration each) implements Fault {
        @Override
        public String toString() {
            return "busy=" + places + "x" + DurationStyle.SIMPLE.print(each);
        }
    }

    /** The faults, as {@link #parse} accepts them. */
    String MODES =
            "none, unavailable, slow=DURATION (slow=200ms), hang, flaky=PERCENT (flaky=10), busy=CALLSxDURATION (busy=4x50ms)"
                    + " or internal";

    /** @throws IllegalArgumentException if it is not a fault; the message says what was expected */
    static Fault parse(String text) {
        return switch (text == null ? "" : text.strip()) {
            case "none" -> new None();
            case "unavailable" -> new Unavailable();
            case "internal" -> new Internal();
            case "hang" -> new Hang();
            case String slow when slow.startsWith("slow=") -> new Slow(value(slow, Fault::duration, Fault::isDelay));
            case String flaky when flaky.startsWith("flaky=") -> new Flaky(value(flaky, Fault::percent, p -> p <= 100));
            case String busy
            when busy.startsWith("busy=") -> value(busy, Fault::busy, b -> b.places > 0 && isDelay(b.each));
            case String other -> throw wrong(other);
        };
    }

    private static <T> T value(String text, Function<String, T> parse, Predicate<T> inRange) {
        T value;
        try {
            value = parse.apply(text.substring(text.indexOf('=') + 1));
        } catch (IllegalArgumentException malformed) {
            throw wrong(text);
        }
        if (!inRange.test(value)) {
            throw wrong(text);
        }
        return value;
    }

    private static boolean isDelay(Duration delay) {
        return delay.isPositive() && delay.compareTo(Duration.ofHours(1)) <= 0;
    }

    /** Rejects a bare number: {@code 2} would be read as milliseconds but is meant as seconds. */
    private static Duration duration(String text) {
        if (UnitsRequired.isBare(text)) {
            throw wrong(text);
        }
        return DurationStyle.detectAndParse(text);
    }

    private static int percent(String text) {
        Matcher percent = Pattern.compile("(\\d{1,3})%?").matcher(text);
        if (!percent.matches()) {
            throw wrong(text);
        }
        return Integer.parseInt(percent.group(1));
    }

    private static Busy busy(String text) {
        Matcher busy = Pattern.compile("(\\d{1,5})x(.+)").matcher(text);
        if (!busy.matches()) {
            throw wrong(text);
        }
        return new Busy(Integer.parseInt(busy.group(1)), duration(busy.group(2)));
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("fault: '" + text + "' (expected: " + MODES + ")");
    }
}
