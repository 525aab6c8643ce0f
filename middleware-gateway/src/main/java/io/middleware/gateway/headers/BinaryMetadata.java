package io.middleware.gateway.headers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of headers whose names end in {@code -bin}: base64 (RFC 4648, 4), padded or not. */
final class BinaryMetadata {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] VALUES = new byte[128];

    static {
        java.util.Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length(); i++) {
            VALUES[DIGITS.charAt(i)] = (byte) i;
        }
    }

    private BinaryMetadata() {}

    static boolean isName(CharSequence name) {
        int at = name.length() - 4;
        return at >= 0
                && name.charAt(at) == '-'
                && name.charAt(at + 1) == 'b'
                && name.charAt(at + 2) == 'i'
                && name.charAt(at + 3) == 'n';
    }

    /** Returns whether every server can decode the value. */
    static boolean isBase64(CharSequence value) {
        int digits = digits(value);
        int over = digits & 3;
        if (over == 1 || digits < value.length() && (value.length() & 3) != 0) {
            return false;
        }
        int last = 0;
        for (int i = 0; i < digits; i++) {
            char c = value.charAt(i);
            last = c < 128 ? VALUES[c] : -1;
            if (last < 0) {
                return false;
            }
        }
        // the unused bits of the last digit: some servers refuse any but zeros
        return over == 0 || (last & (over == 2 ? 15 : 3)) == 0;
    }

    /**
     * Splits a value at its commas. Returns the parts without padding and in the usual alphabet instead of that for
     * URLs; null if one of them is not base64.
     */
    static @Nullable List<String> repaired(CharSequence value) {
        List<String> values = new ArrayList<>();
        for (String part : value.toString().split(",", -1)) {
            String usual = part.strip().replace('-', '+').replace('_', '/');
            String unpadded = usual.substring(0, digits(usual));
            if (!isBase64(unpadded)) {
                return null;
            }
            values.add(unpadded);
        }
        return values;
    }

    /** Returns the length without padding. */
    private static int digits(CharSequence base64) {
        int length = base64.length();
        int end = length;
        while (end > 1 && length - end < 2 && base64.charAt(end - 1) == '=') {
            end--;
        }
        return end;
    }
}
