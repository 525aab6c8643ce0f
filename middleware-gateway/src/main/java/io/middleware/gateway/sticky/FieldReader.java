package io.middleware.gateway.sticky;

import io.middleware.core.Chunk;
import io.middleware.core.StickyKeys;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a field from the first message of a request, or from the first {@value #MOST} bytes of it: a serializer writes fields in
 * the order of their numbers, so the one that matters can be placed before large ones.
 */
final class FieldReader implements StickyKeys.Reader {
    static final int MOST = 64 << 10;
    private static final int PREFIX = 5;

    private final FieldPath field;
    private final boolean gzip;
    private byte[] head = {};
    private int size;

    /** {@code gzip}: what a message that is marked as compressed is compressed by; otherwise it is not read. */
    FieldReader(FieldPath field, boolean gzip) {
        this.field = field;
        this.gzip = gzip;
    }

    @Override
    public boolean read(Chunk chunk) {
        ByteBuf bytes = ((NettyChunk) chunk).bytes();
        int some = Math.min(bytes.readableBytes(), PREFIX + MOST - size);
        if (size + some > head.length) {
            head = Arrays.copyOf(head, size == 0 ? some : Math.min(PREFIX + MOST, Math.max(size + some, 2 * size)));
        }
        bytes.getBytes(bytes.readerIndex(), head, size, some);
        size += some;
        return size >= PREFIX && (size == PREFIX + MOST || size - PREFIX >= length());
    }

    @Override
    public @Nullable CharSequence key() {
        if (size < PREFIX) {
            return null;
        }
        boolean complete = size - PREFIX >= length();
        int there = (int) Math.min(length(), size - PREFIX);
        if (head[0] == 0) {
            return field.valueIn(head, PREFIX, there, complete);
        }
        if (head[0] != 1 || !gzip) {
            return null;
        }
        byte[] message = new byte[MOST];
        int unzipped = unzip(there, message);
        return field.valueIn(message, 0, unzipped, complete && unzipped < MOST);
    }

    /** Returns how many bytes were decompressed: fewer than there are if the rest has not come, or the message would be larger. */
    private int unzip(int zipped, byte[] message) {
        int filled = 0;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(head, PREFIX, zipped))) {
            for (int some; filled < MOST && (some = in.read(message, filled, MOST - filled)) > 0; filled += some) {}
        } catch (IOException end) {
            // it ends in the middle, or is not gzip: what was read counts
        }
        return filled;
    }

    /** Returns the length of the message, as its frame announces it. */
    private long length() {
        return (head[1] & 0xffL) << 24 | (head[2] & 0xff) << 16 | (head[3] & 0xff) << 8 | head[4] & 0xff;
    }
}
