package io.middleware.gateway.ingress.grpcweb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Decodes a stream of base64 (RFC 4648, 4) that is cut anywhere and may consist of several pieces, each with its own
 * padding. Holds three digits at most.
 */
final class Base64Pieces {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length(); i++) {
            VALUES[DIGITS.charAt(i)] = (byte) i;
        }
    }

    /** Of the group of four characters that is not complete yet: its bits, its characters, and those that pad it. */
    private int bits;

    private int size;
    private int padding;

    /**
     * Returns the bytes of the next characters, which are read to their end.
     *
     * @param last whether no more follow; then the last group need not be padded
     * @throws IllegalArgumentException if they are not base64; the message says what was expected
     */
    ByteBuf decode(ByteBuf text, boolean last) {
        byte[] bytes = new byte[(text.readableBytes() + size) / 4 * 3 + 2];
        int length = 0;
        while (text.isReadable()) {
            take(text.readByte());
            if (size == 4) {
                length = put(bytes, length);
            }
        }
        if (last && size > 0) {
            if (size == 1 || padding > 0) {
                throw new IllegalArgumentException(
                        "the body ends in the middle of a group of base64 (expected: groups of four characters)");
            }
            while (size < 4) {
                pad();
            }
            length = put(bytes, length);
        }
        return Unpooled.wrappedBuffer(bytes, 0, length);
    }

    private void take(byte character) {
        int value = VALUES[character & 0xff];
        if (value >= 0 && padding == 0) {
            bits = bits << 6 | value;
            size++;
        } else if (character == '=' && size >= 2) {
            pad();
        } else {
            throw new IllegalArgumentException("the body has the octet " + (character & 0xff)
                    + " at a place where base64 has none like it (expected: base64 in groups of four characters)");
        }
    }

    private void pad() {
        bits <<= 6;
        size++;
        padding++;
    }

    private int put(byte[] bytes, int at) {
        int count = 3 - padding;
        for (int i = 0; i < count; i++) {
            bytes[at + i] = (byte) (bits >> 16 - 8 * i);
        }
        bits = 0;
        size = 0;
        padding = 0;
        return at + count;
    }
}
