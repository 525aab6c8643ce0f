package io.middleware.core;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where the key of a call is found. Calls with equal keys go to the same instance, as long as it is a candidate.
 *
 * @param name of the header, in lower case, or of the field, as {@code field} or {@code message.field}; else empty
 */
public record StickyRule(Source source, String name) {
    /** What a call is sticky by. */
    public enum Source {
        /** A header of the request. */
        HEADER,
        /** A field of the request's first message. */
        FIELD,
        /** Who calls, as the gateway has found out. */
        CALLER,
        /** Nothing: the balancer chooses. Takes back a rule that instances give. */
        NONE
    }

    /** How a rule is written, for messages. */
    public static final String FORM = "header:NAME, field:PATH, caller or none";

    private static final Pattern HEADER = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern FIELD = Pattern.compile("\\w+(\\.\\w+)*");

    /** @throws IllegalArgumentException if {@code text} is no rule; the message says what was expected */
    public static StickyRule parse(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        switch (colon < 0 ? text : text.substring(0, colon + 1)) {
            case "header:" -> {
                String lower = name.toLowerCase(Locale.ROOT);
                if (HEADER.matcher(lower).matches()) {
                    return new StickyRule(Source.HEADER, lower);
                }
            }
            case "field:" -> {
                if (FIELD.matcher(name).matches()) {
                    return new StickyRule(Source.FIELD, name);
                }
            }
            case "caller" -> {
                return new StickyRule(Source.CALLER, "");
            }
            case "none" -> {
                return new StickyRule(Source.NONE, "");
            }
            default -> {}
        }
        throw new IllegalArgumentException("sticky: " + text + " (expected: " + FORM + ")");
    }

    /** Returns the rule as it is written. */
    @Override
    public String toString() {
        String kind = source.name().toLowerCase(Locale.ROOT);
        return name.isEmpty() ? kind : kind + ":" + name;
    }
}
