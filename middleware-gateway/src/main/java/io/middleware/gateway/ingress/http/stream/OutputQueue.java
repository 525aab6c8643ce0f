package io.middleware.gateway.ingress.http.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Bytes of a body that wait to be written: short messages gathered in one buffer, long ones as they are. */
final class OutputQueue {
    /** The most bytes that are gathered, and that are written at a time. */
    static final int PIECE = 16 << 10;

    private static final int FIRST = 512;

    private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);
    /** The last of those that wait, to which more can be added; null if there is none. */
    private @Nullable ByteBuf gathered;

    /** Returns the buffer to which to add a few bytes; the next call may return another. */
    ByteBuf room() {
        ByteBuf room = gathered;
        if (room == null || room.readableBytes() >= PIECE) {
            room = PooledByteBufAllocator.DEFAULT.ioBuffer(FIRST);
            waiting.add(room);
            gathered = room;
        }
        return room;
    }

    void add(byte[] bytes) {
        if (bytes.length <= PIECE) {
            room().writeBytes(bytes);
        } else {
            waiting.add(Unpooled.wrappedBuffer(bytes));
            gathered = null;
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int bytes() {
        int bytes = 0;
        for (ByteBuf each : waiting) {
            bytes += each.readableBytes();
        }
        return bytes;
    }

    /** Returns the next bytes to write. */
    ByteBuf take() {
        ByteBuf first = waiting.element();
        if (first.readableBytes() > 2 * PIECE) {
            return first.readRetainedSlice(PIECE);
        }
        waiting.remove();
        if (first == gathered) {
            gathered = null;
        }
        return first;
    }

    void release() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        gathered = null;
    }
}
