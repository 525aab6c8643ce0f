package io.middleware.gateway.security.rules;

import io.middleware.core.Priority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some callers may do with some methods. Of several rules the first that matches a call decides.
 *
 * @param line     of the file where it begins
 * @param callers  such as {@code key:shop}, {@code jwt:*} or {@code anonymous}
 * @param methods  such as {@code hello.v1.HelloService/SayHello}, {@code shop.v1.*}, {@code dashboard} or {@code *}
 * @param allow    whether they may
 * @param priority of these calls
 * @param limit    of each of the callers, for all of these methods together; null for none
 */
public record Rule(
        int line,
        List<Pattern> callers,
        List<Pattern> methods,
        boolean allow,
        Priority priority,
        @Nullable Limit limit) {
    /** A caller without a credential. */
    public static final String ANONYMOUS = "anonymous";

    public Rule {
        callers = List.copyOf(callers);
        methods = List.copyOf(methods);
    }

    /**
     * The most that one caller may call.
     *
     * @param requestsPerSecond 0 for any number
     * @param burst             how many may come at once
     * @param inFlight          0 for any number
     */
    public record Limit(double requestsPerSecond, int burst, int inFlight) {}

    /** Returns whether the rule is about this caller and this method ({@code package.Service/Method}). */
    public boolean matches(String caller, String method) {
        return any(callers, caller) && any(methods, method);
    }

    private static boolean any(List<Pattern> patterns, String text) {
        for (Pattern pattern : patterns) {
            if (pattern.matches(text)) {
                return true;
            }
        }
        return false;
    }
}
