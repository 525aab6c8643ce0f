package io.middleware.starter.fault;

import io.middleware.starter.UnitsRequired;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;

/** A way to fail. */
sealed interface Fault {

    /** Answers as it should. */
    record None() implements Fault {
        @Override
        public String toString() {
            return "none";
        }
    }

    /** Answers {@code UNAVAILABLE} to every call. */
    record Unavailable() implements Fault {
        @Override
        public String toString() {
            return "unavailable";
        }
    }

    /** Answers {@code INTERNAL} to every call. */
    record Internal() implements Fault {
        @Override
        public String toString() {
            return "internal";
        }
    }

    /** Takes every call and never answers. */
    record Hang() implements Fault {
        @Override
        public String toString() {
            return "hang";
        }
    }

    /** Begins with a call this much later. */
    record Slow(Duration by) implements Fault {
        @Override
        public String toString() {
            return "slow=" + DurationStyle.SIMPLE.print(by);
        }
    }

    /** Answers {@code UNAVAILABLE} to so many calls of a hundred, drawn at random. */
    record Flaky(int percent) implements Fault {
        @Override
        public String toString() {
            return "flaky=" + percent;
        }
    }

    /**
     * Works on so many calls at a time and for that long on each; the others wait in a line, first come, first served.
     */
    record Busy(int places, Duration each) implements Fault {
        @Override
        public String toString() {
            return "busy=" + places + "x" + DurationStyle.SIMPLE.print(each);
        }
    }

    /** The one-word faults and those with a value, as {@link #parse} takes them. */
    String MODES =
            "none, unavailable, slow=DURATION (slow=200ms), hang, flaky=PERCENT (flaky=10), busy=CALLSxDURATION (busy=4x50ms)"
                    + " or internal";

    /** @throws IllegalArgumentException if it is none; the message says what was expected */
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

    /** A bare number is none: {@code 2} is meant as seconds and would be read as milliseconds. */
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
