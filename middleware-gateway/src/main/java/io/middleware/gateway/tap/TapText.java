package io.middleware.gateway.tap;

import com.google.gson.JsonArray;
import io.middleware.gateway.ended.AttemptLine;
import io.middleware.gateway.ended.CallLine;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes calls as lines for people. */
final class TapText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final ResourceBundle.Control NO_OTHER_LANGUAGE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final Locale locale;
    private final ResourceBundle words;
    private final ZoneId zone;

    /** {@code language}: {@code en} or {@code pt}. */
    TapText(String language, ZoneId zone) {
        this.locale = Locale.of(language);
        this.words = ResourceBundle.getBundle("io.middleware.gateway.tap.tap", locale, NO_OTHER_LANGUAGE);
        this.zone = zone;
    }

    /**
     * Returns the line of a call: when it ended, its code, how long it took, its path, its attempts, who called if that is known, its gateway and its
     * id; then its
     * messages, if they are shown.
     */
    String line(CallLine call, MessageJson.@Nullable Shown messages) {
        String line = "%s  %-11s %9s  %s  %s  %s%s  %s"
                .formatted(
                        TIME.format(Instant.parse(call.timestamp()).atZone(zone)),
                        call.code(),
                        millis(call.tookUs()),
                        call.path().startsWith("/") ? call.path().substring(1) : call.path(),
                        attempts(call),
                        call.caller() == null ? "" : call.caller() + "  ",
                        call.gateway(),
                        call.callId());
        return printable(
                messages == null ? line : line + all("  > ", messages.requests()) + all("  < ", messages.responses()));
    }

    private static String all(String sign, JsonArray messages) {
        StringBuilder all = new StringBuilder();
        messages.forEach(message -> all.append(sign).append(message));
        return all.toString();
    }

    /** Returns what a reader gets in place of lines for which it is too slow. */
    String lost(int lines, String gateway) {
        return words.getString("lost").formatted(lines, gateway);
    }

    /** Returns what a reader gets in place of the lines of a gateway that does not show them to it. */
    String refused(String gateway) {
        return printable(words.getString("refused").formatted(gateway));
    }

    private String attempts(CallLine call) {
        List<AttemptLine> attempts = call.attempts();
        String stale = call.stale() == null ? "" : " (" + words.getString("stale") + ")";
        if (attempts.isEmpty()) {
            return "-" + stale;
        }
        if (attempts.size() == 1 && call.answeredBy() != null) {
            return attempts.getFirst().instance() + stale;
        }
        return attempts.stream().map(this::attempt).collect(Collectors.joining(" > ")) + stale;
    }

    private String attempt(AttemptLine attempt) {
        String why = attempt.why().equals("first") ? "" : words.getString(attempt.why()) + ", ";
        return attempt.tookUs() == null
                ? attempt.instance()
                : "%s (%s%s, %s)".formatted(attempt.instance(), why, attempt.code(), millis(attempt.tookUs()));
    }

    private String millis(long micros) {
        return String.format(locale, "%.1f ms", micros / 1e3);
    }

    /** Callers choose ids and paths: what they send must not control a terminal. */
    private static String printable(String line) {
        return line.chars().noneMatch(Character::isISOControl) ? line : line.replaceAll("\\p{Cntrl}", "?");
    }
}
