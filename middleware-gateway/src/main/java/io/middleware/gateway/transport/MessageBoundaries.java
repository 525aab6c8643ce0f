package io.middleware.gateway.transport;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows where the messages of a response begin and end. Before each message there is a flag, 1 for compressed, and
 * its length in four octets.
 */
final class MessageBoundaries {
    private static final int PREFIX = 5;

    private final boolean compression;
    private int prefixRead;
    private long left;

    /** {@code compression}: whether the response's headers name a compression. */
    MessageBoundaries(boolean compression) {
        this.compression = compression;
    }

    /** Follows the next bytes without changing them. Returns what is wrong with them; null if nothing is. */
    @Nullable
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

    /** Returns whether a message is incomplete. */
    boolean inMessage() {
        return prefixRead > 0;
    }
}
