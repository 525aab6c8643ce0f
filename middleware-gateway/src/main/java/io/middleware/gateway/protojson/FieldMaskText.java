package io.middleware.gateway.protojson;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the paths of a {@code FieldMask}, which are in camel case in JSON. Each method returns null for text
 * that is not a path, or would not be the same when written and read again.
 */
public final class FieldMaskText {

    private FieldMaskText() {}

    static @Nullable List<String> paths(String text) {
        List<String> paths = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String path : text.split(",", -1)) {
                String snake = snakeCase(path);
                if (snake == null) {
                    return null;
                }
                paths.add(snake);
            }
        }
        return paths;
    }

    /**
     * Converts a path. Each underscore stands before a lower-case letter, and no letter is upper-case; a star alone
     * stands for all.
     */
    public static @Nullable String camelCase(String path) {
        StringBuilder camel = new StringBuilder(path.length());
        boolean begins = true;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '_' && i + 1 < path.length() && isLower(path.charAt(i + 1))) {
                camel.append(upper(path.charAt(++i)));
            } else if (isLower(c) || !begins && (isDigit(c) || c == '.') || begins && isWildcard(path, i)) {
                camel.append(c);
            } else {
                return null;
            }
            begins = c == '.';
        }
        return begins ? null : camel.toString();
    }

    private static @Nullable String snakeCase(String path) {
        StringBuilder snake = new StringBuilder(path.length() + 8);
        boolean begins = true;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (isUpper(c)) {
                snake.append('_').append(lower(c));
            } else if (isLower(c) || !begins && (isDigit(c) || c == '.') || begins && isWildcard(path, i)) {
                snake.append(c);
            } else {
                return null;
            }
            begins = c == '.';
        }
        return begins ? null : snake.toString();
    }

    /** Whether a star is all that stands between dots. */
    private static boolean isWildcard(String path, int at) {
        return path.charAt(at) == '*' && (at + 1 == path.length() || path.charAt(at + 1) == '.');
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static char upper(char lower) {
        return (char) (lower - 'a' + 'A');
    }

    private static char lower(char upper) {
        return (char) (upper - 'A' + 'a');
    }
}
