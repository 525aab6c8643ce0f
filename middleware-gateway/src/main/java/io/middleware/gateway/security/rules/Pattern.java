package io.middleware.gateway.security.rules;

/**
 * An exact text, or the beginning of texts.
 *
 * @param text   without the asterisk at the end
 * @param prefix whether there was one
 */
public record Pattern(String text, boolean prefix) {
    /** {@code pattern}: may end with an asterisk. */
    public static Pattern of(String pattern) {
        return pattern.endsWith("*")
                ? new Pattern(pattern.substring(0, pattern.length() - 1), true)
                : new Pattern(pattern, false);
    }

    /** Returns whether a text is this one, or begins so. */
    public boolean matches(String candidate) {
        return prefix ? candidate.startsWith(text) : candidate.equals(text);
    }
}
