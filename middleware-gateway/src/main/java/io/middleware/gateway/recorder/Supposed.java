package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.Settings.Budget;
import io.middleware.core.Settings.Hedge;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** Settings of which one is supposed to be different. Only those that decisions about calls depend on. */
final class Supposed {
    static final List<String> NAMES = List.of(
            "calls.attempts",
            "calls.budget.ratio",
            "calls.budget.floor",
            "calls.budget.capacity",
            "calls.hedge.shortest-delay",
            "calls.hedge.longest-delay",
            "calls.silence.after");

    private Supposed() {}

    /**
     * Returns the settings with one that is different.
     *
     * @param supposition such as {@code calls.attempts=1}, the names without {@code middleware.gateway}
     * @throws IllegalArgumentException if there is no such setting, or it cannot have the value; says what was expected
     */
    static Settings settings(Settings from, String supposition) {
        int equals = supposition.indexOf('=');
        String name = equals < 0 ? supposition : supposition.substring(0, equals);
        if (equals < 0 || !NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    supposition + " (expected: one of " + String.join(", ", NAMES) + ", then = and a value)");
        }
        String value = supposition.substring(equals + 1);
        try {
            return settings(from, name, value);
        } catch (NumberFormatException | ArithmeticException wrong) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a number)", wrong);
        }
    }

    private static Settings settings(Settings from, String name, String value) {
        Budget budget = from.budget();
        Hedge hedge = from.hedge();
        return switch (name) {
            case "calls.attempts" -> with(from, Integer.parseInt(value), budget, hedge, from.silence());
            case "calls.budget.ratio" ->
                with(from, new Budget(Double.parseDouble(value), budget.floor(), budget.capacity()));
            case "calls.budget.floor" ->
                with(from, new Budget(budget.ratio(), Integer.parseInt(value), budget.capacity()));
            case "calls.budget.capacity" ->
                with(from, new Budget(budget.ratio(), budget.floor(), Integer.parseInt(value)));
            case "calls.hedge.shortest-delay" -> {
                Duration least = duration(value);
                yield with(from, new Hedge(max(hedge.initialDelay(), least), least, max(hedge.longestDelay(), least)));
            }
            case "calls.hedge.longest-delay" -> {
                Duration most = duration(value);
                yield with(from, new Hedge(min(hedge.initialDelay(), most), min(hedge.shortestDelay(), most), most));
            }
            default ->
                with(
                        from,
                        from.attempts(),
                        budget,
                        hedge,
                        new Settings.Silence(
                                duration(value),
                                from.silence().pingLimit(),
                                from.silence().lostAfter()));
        };
    }

    private static Settings with(Settings from, Budget budget) {
        return with(from, from.attempts(), budget, from.hedge(), from.silence());
    }

    private static Settings with(Settings from, Hedge hedge) {
        return with(from, from.attempts(), from.budget(), hedge, from.silence());
    }

    private static Settings with(Settings from, int attempts, Budget budget, Hedge hedge, Settings.Silence silence) {
        return new Settings(
                from.unaryDeadline(),
                attempts,
                from.firstBackOff(),
                budget,
                from.replay(),
                from.ejection(),
                hedge,
                silence,
                from.limit(),
                from.sticky(),
                from.slowStart());
    }

    private static Duration duration(String value) {
        Duration parsed = DurationStyle.detectAndParse(value);
        if (parsed.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(value + " (expected: a day at most)");
        }
        return parsed;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
