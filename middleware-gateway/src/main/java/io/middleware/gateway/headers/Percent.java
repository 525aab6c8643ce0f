package io.middleware.gateway.headers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads percent-encoded text strictly: malformed UTF-8 is an error, not a guess. */
public final class Percent {
    private Percent() {}

    /**
     * @param text         a character for each octet; callers also send UTF-8 that is not encoded
     * @param plusIsSpace  as in a query
     * @param keepSlashes  {@code %2F} stays as it is, so that it differs from a slash between segments
     * @throws IllegalArgumentException if it is not percent-encoded UTF-8; the message says so
     */
    public static String decode(String text, boolean plusIsSpace, boolean keepSlashes) {
        if (text.chars().allMatch(c -> c < 128 && c != '%' && (c != '+' || !plusIsSpace))) {
            return text;
        }
        return utf8(octets(text, plusIsSpace, keepSlashes), text);
    }

    /**
     * Returns the octets of a text, which need not be UTF-8.
     *
     * @throws IllegalArgumentException if it is not percent-encoded; the message says so
     */
    public static byte[] octets(String text, boolean plusIsSpace) {
        ByteBuffer octets = octets(text, plusIsSpace, false);
        byte[] exact = new byte[octets.remaining()];
        octets.get(exact);
        return exact;
    }

    private static ByteBuffer octets(String text, boolean plusIsSpace, boolean keepSlashes) {
        ByteBuffer octets = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                byte octet = (byte) octet(text, i);
                if (keepSlashes && octet == '/') {
                    octets.put((byte) '%').put((byte) '2').put((byte) text.charAt(i + 2));
                } else {
                    octets.put(octet);
                }
                i += 2;
            } else if (c < 256) {
                octets.put((byte) (c == '+' && plusIsSpace ? ' ' : c));
            } else {
                throw new IllegalArgumentException(text + " (expected: octets)");
            }
        }
        return octets.flip();
    }

    /** Returns a decoded {@code grpc-message}; one that is malformed is returned unchanged, as gRPC prescribes. */
    static String decodeMessage(@Nullable CharSequence message) {
        String text = message == null ? "" : message.toString();
        try {
            return decode(text, false, false);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    private static int octet(String text, int at) {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(at + 2), 16);
        if (low < 0) {
            throw new IllegalArgumentException(text + " (expected: two hexadecimal digits after each %)");
        }
        return high * 16 + low;
    }

    private static String utf8(ByteBuffer bytes, String text) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(text + " (expected: percent-encoded UTF-8)", e);
        }
    }
}
