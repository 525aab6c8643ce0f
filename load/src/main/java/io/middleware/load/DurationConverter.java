package io.middleware.load;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 2s}, {@code 1m}. */
public final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    @Override
    public Duration convert(String text) {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches() || Long.parseLong(duration.group(1)) == 0) {
            throw new TypeConversionException("expected more than zero, such as 500ms, 2s or 1m, got '" + text + "'");
        }
        ChronoUnit unit = switch (duration.group(2)) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            default -> ChronoUnit.MINUTES;
        };
        return Duration.of(Long.parseLong(duration.group(1)), unit);
    }
}
