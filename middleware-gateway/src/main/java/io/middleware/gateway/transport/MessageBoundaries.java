package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;

/**
 * Where the messages of a response begin and end: each has a flag, 1 for compressed, and four octets of its length before it. Bytes
 * that have no such form are not a server's messages.
 */
final class MessageBoundaries {
    private static final int PREFIX = 5;

    private final boolean compression;
    private int prefixRead;
    private long left;

    /** {@code compression}: the response's headers say by what messages are compressed. */
    MessageBoundaries(boolean compression) {
        this.compression = compression;
    }

    /** Follows the next bytes, and leaves them as they are. Returns what is wrong with them; null for nothing. */
    String follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (prefixRead == PREFIX) {
                int inMessage = (int) Math.min(left, end - at);
                at += inMessage;
                left -= inMessage;
            } else {
                int octet = bytes.getUnsignedByte(at++);
                if (prefixRead++ == 0) {
                    if (octet > 1 || octet == 1 && !compression) {
                        return octet == 1
                                ? "it compressed a message and did not say by what (grpc-encoding)"
                                : "it sent bytes that are no message";
                    }
                } else {
                    left = left << 8 | octet;
                }
            }
            if (prefixRead == PREFIX && left == 0) {
                prefixRead = 0;
            }
        }
        return null;
    }

    /** More of a message should have come. */
    boolean inMessage() {
        return prefixRead > 0;
    }
}
