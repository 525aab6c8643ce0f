package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts the pieces of a body into lines, without their ends. Blank lines are left out, but counted. */
final class LineSplitter {
    private static final byte[] NONE = {};

    private final int limit;
    private final BodyBudget.Lease lease;
    private ByteBuf piece = Unpooled.EMPTY_BUFFER;
    /** The begin of a line that earlier pieces hold. */
    private byte[] begun = NONE;

    private int size;
    private int number;

    /**
     * @param limit bytes of the longest line
     * @param lease holds the bytes of an incomplete line; closed with this
     */
    LineSplitter(int limit, BodyBudget.Lease lease) {
        this.limit = limit;
        this.lease = lease;
    }

    /** Takes over the next piece, when {@link #next} has returned null. */
    void add(ByteBuf next) {
        piece.release();
        piece = next;
    }

    /** Returns the number of the line that {@link #next} or {@link #last} returned or refused, from 1. */
    int number() {
        return number;
    }

    /**
     * Returns the next line that is complete; null if there is none.
     *
     * @throws Refusal if a line is too long
     */
    byte @Nullable [] next() {
        // the line before this one has gone
        lease.shrinkTo(size);
        while (piece.isReadable()) {
            int length = piece.bytesBefore((byte) '\n');
            if (length < 0) {
                append(piece.readableBytes());
                return null;
            }
            byte[] line = line(length);
            piece.skipBytes(1);
            number++;
            if (!isBlank(line)) {
                return line;
            }
        }
        return null;
    }

    /** Returns the line that the end of the body ends; null if there is none. */
    byte @Nullable [] last() {
        byte[] line = line(0);
        number++;
        return isBlank(line) ? null : line;
    }

    void close() {
        piece.release();
        piece = Unpooled.EMPTY_BUFFER;
        lease.close();
    }

    private byte[] line(int length) {
        if (size == 0 && length <= limit) {
            byte[] line = new byte[length];
            piece.readBytes(line);
            return line;
        }
        append(length);
        byte[] line = Arrays.copyOf(begun, size);
        begun = NONE;
        size = 0;
        return line;
    }

    private void append(int length) {
        if (length > limit - size) {
            number++;
            throw new ConnectError(Code.RESOURCE_EXHAUSTED, "too long (expected: at most " + limit + " bytes)")
                    .refusal();
        }
        lease.growTo(size + length);
        if (size + length > begun.length) {
            begun = Arrays.copyOf(begun, (int) Math.min(limit, Math.max(size + length, 2L * begun.length)));
        }
        piece.readBytes(begun, size, length);
        size += length;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
