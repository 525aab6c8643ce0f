package io.middleware.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which gRPC services are sticky, and by what.
 *
 * @param byService by the full name of a gRPC service
 * @param others    the rule of all others; null for none
 */
public record StickyRules(
        Map<String, StickyRule> byService, @Nullable StickyRule others) {
    public static final StickyRules NONE = new StickyRules(Map.of(), null);

    private static final Pattern SERVICE = Pattern.compile("\\w+(\\.\\w+)*");

    public StickyRules {
        byService = Map.copyOf(byService);
    }

    /**
     * Reads rules, separated by commas or space: {@code RULE} for all gRPC services, {@code SERVICE=RULE} for one.
     *
     * @throws IllegalArgumentException if a rule cannot be read; the message says what was expected
     */
    public static StickyRules parse(String text) {
        return text.isBlank() ? NONE : of(List.of(text.strip().split("[,\\s]+")));
    }

    /** Does the same for rules that stand alone. */
    public static StickyRules of(Collection<String> texts) {
        Map<String, StickyRule> byService = new HashMap<>();
        StickyRule others = null;
        for (String text : texts) {
            int equals = text.indexOf('=');
            StickyRule rule = StickyRule.parse(text.substring(equals + 1).strip());
            String service = equals < 0 ? "" : text.substring(0, equals).strip();
            if (equals < 0) {
                others = rule;
            } else if (SERVICE.matcher(service).matches()) {
                byService.put(service, rule);
            } else {
                throw new IllegalArgumentException(
                        "sticky: " + text + " (expected: package.Service=RULE, with " + StickyRule.FORM + ")");
            }
        }
        return new StickyRules(byService, others);
    }

    /** Returns the rule of the gRPC service with this full name; null for none. */
    public @Nullable StickyRule of(String grpcService) {
        return byService.getOrDefault(grpcService, others);
    }
}
