package io.middleware.gateway.ingress.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads percent-encoded text strictly: what is not well-formed UTF-8 is an error, not a guess. */
final class Percent {
    private Percent() {
    }

    /**
     * @param plusIsSpace  as in a query
     * @param keepSlashes  {@code %2F} stays as it is, so that it can be told from a slash between segments
     * @throws IllegalArgumentException if it is not percent-encoded UTF-8; the message says so
     */
    static String decode(String text, boolean plusIsSpace, boolean keepSlashes) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (c == '%') {
                int octet = octet(text, at);
                if (keepSlashes && octet == '/') {
                    bytes.writeBytes(text.substring(at, at + 3).getBytes(StandardCharsets.US_ASCII));
                } else {
                    bytes.write(octet);
                }
                at += 3;
            } else {
                bytes.writeBytes((c == '+' && plusIsSpace ? " " : Character.toString(c)).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(c);
            }
        }
        return utf8(ByteBuffer.wrap(bytes.toByteArray()), text);
    }

    /** What a server said in {@code grpc-message}; where it is not encoded well, as it stands, as gRPC asks of its clients. */
    static String decodeMessage(CharSequence message) {
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
