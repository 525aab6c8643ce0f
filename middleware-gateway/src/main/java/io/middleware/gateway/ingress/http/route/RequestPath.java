package io.middleware.gateway.ingress.http.route;

/**
 * Puts paths into their canonical form, so that equal paths are equal text (RFC 3986, 6.2.2): only characters that must
 * be percent-encoded are, in upper case. A reserved character and its encoding stay two things, as do a slash and
 * {@code %2F}.
 */
final class RequestPath {
    private static final String DIGITS = "0123456789ABCDEF";
    private static final int ENCODED = 3;
    /** The characters that stand for themselves in a path: unreserved characters, sub-delimiters and {@code : @ /}. */
    private static final boolean[] PLAIN = new boolean[128];

    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
                .chars()
                .forEach(c -> UNRESERVED[c] = PLAIN[c] = true);
        "!$&'()*+,;=:@/".chars().forEach(c -> PLAIN[c] = true);
    }

    private RequestPath() {}

    /**
     * @param path as it came, a character for each octet
     * @throws IllegalArgumentException if a {@code %} is not followed by two hexadecimal digits; the message says so
     */
    static String canonical(String path) {
        int at = 0;
        while (at < path.length() && isPlain(path.charAt(at))) {
            at++;
        }
        if (at == path.length()) {
            return path;
        }
        StringBuilder canonical = new StringBuilder(path.length() + 2 * ENCODED).append(path, 0, at);
        while (at < path.length()) {
            char c = path.charAt(at);
            if (c == '%') {
                append(canonical, octet(path, at));
                at += ENCODED;
            } else {
                append(canonical, c, isPlain(c));
                at++;
            }
        }
        return canonical.toString();
    }

    private static void append(StringBuilder canonical, int octet) {
        append(canonical, octet, octet < UNRESERVED.length && UNRESERVED[octet]);
    }

    private static void append(StringBuilder canonical, int octet, boolean plain) {
        if (plain) {
            canonical.append((char) octet);
        } else {
            canonical.append('%').append(DIGITS.charAt(octet >> 4 & 15)).append(DIGITS.charAt(octet & 15));
        }
    }

    private static boolean isPlain(char c) {
        return c < PLAIN.length && PLAIN[c];
    }

    private static int octet(String path, int at) {
        int high = at + 2 < path.length() ? Character.digit(path.charAt(at + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(path.charAt(at + 2), 16);
        if (low < 0) {
            throw new IllegalArgumentException(path + " (expected: two hexadecimal digits after each %)");
        }
        return high << 4 | low;
    }
}
