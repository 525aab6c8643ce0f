package io.middleware.gateway.ingress.local;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a request out of gRPC's framing. Chunks may be cut anywhere. Until a message is asked for, it
 * is held as it came, compressed or not: what is held is bounded by what was sent, not by what that announces or
 * becomes. Confined to one thread.
 */
final class RequestReader {
    /** Requests hold a name or two. */
    static final int LARGEST = 64 << 10;

    static final String ENCODINGS = "identity,gzip";

    private static final int PREFIX = 5;

    private final @Nullable String encoding;
    /** What was sent and not taken yet, between {@code from} and {@code to}. */
    private byte[] bytes = {};

    private int from;
    private int to;

    /** Thrown for a request that cannot be read. */
    static final class UnreadableException extends Exception {
        private final Failure failure;

        UnreadableException(Code code, String message) {
            super(message, null, false, false);
            this.failure = new Failure(code, message);
        }

        Failure failure() {
            return failure;
        }
    }

    /** {@code encoding}: the request's {@code grpc-encoding}; null if it has none. */
    RequestReader(@Nullable CharSequence encoding) {
        this.encoding = encoding == null ? null : encoding.toString().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the request's encoding is known here. */
    boolean knowsEncoding() {
        return encoding == null || encoding.equals("identity") || encoding.equals("gzip");
    }

    /** Adds the next bytes. The caller still owns the chunk. */
    void add(Chunk chunk) {
        int more = chunk.size();
        if (more > bytes.length - to) {
            int held = to - from;
            byte[] roomy = held + more > bytes.length ? new byte[Math.max(held + more, 2 * bytes.length)] : bytes;
            System.arraycopy(bytes, from, roomy, 0, held);
            bytes = roomy;
            from = 0;
            to = held;
        }
        chunk.copyTo(bytes, to);
        to += more;
    }

    /** Returns whether {@link #next} can be called: a message is complete, or is known to be too large. */
    boolean ready() {
        return to - from >= PREFIX && (announced() > LARGEST || announced() <= to - from - PREFIX);
    }

    /** Takes the next message. */
    byte[] next() throws UnreadableException {
        if (announced() > LARGEST) {
            throw tooLarge(announced() + " bytes");
        }
        int at = from + PREFIX;
        int end = at + (int) announced();
        byte[] message = bytes[from] == 0 ? Arrays.copyOfRange(bytes, at, end) : decompressed(bytes[from], at, end);
        from = end;
        if (to - from <= bytes.length / 4) {
            keep(from, to);
        }
        return message;
    }

    /** Returns whether the bytes that were not taken are a part of a message, if it is not {@link #ready}. */
    boolean incomplete() {
        return to > from;
    }

    /** Drops what was not taken. */
    void clear() {
        keep(0, 0);
    }

    private void keep(int first, int end) {
        bytes = Arrays.copyOfRange(bytes, first, end);
        from = 0;
        to = bytes.length;
    }

    /** Returns the length in the next message's prefix. */
    private long announced() {
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(from + 1));
    }

    private byte[] decompressed(byte flag, int at, int end) throws UnreadableException {
        if (flag != 1 || !"gzip".equals(encoding)) {
            throw new UnreadableException(
                    Code.INTERNAL,
                    "a message is flagged " + (flag & 0xff) + " (expected: 0, or 1 with grpc-encoding: gzip)");
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, at, end - at))) {
            byte[] decompressed = in.readNBytes(LARGEST + 1);
            if (decompressed.length > LARGEST) {
                throw tooLarge("more");
            }
            return decompressed;
        } catch (IOException e) {
            throw new UnreadableException(Code.INTERNAL, "a message is not compressed by gzip: " + e.getMessage());
        }
    }

    private static UnreadableException tooLarge(String size) {
        return new UnreadableException(
                Code.RESOURCE_EXHAUSTED, "a message has " + size + " (expected: at most " + LARGEST + " bytes)");
    }
}
