package io.middleware.gateway.ingress.local;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Takes the messages of a request out of gRPC's framing. Chunks may be cut anywhere. Confined to one thread. */
final class RequestReader {
    /** Requests hold a name or two. */
    static final int LARGEST = 64 << 10;

    static final String ENCODINGS = "identity,gzip";

    private static final int PREFIX = 5;

    private final @Nullable String encoding;
    private final Consumer<byte[]> messages;
    private final byte[] prefix = new byte[PREFIX];
    private int prefixed;
    private byte[] message = {};
    private int filled;

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

    /**
     * @param encoding the request's {@code grpc-encoding}; null if it has none
     * @param messages called with each complete message
     */
    RequestReader(@Nullable CharSequence encoding, Consumer<byte[]> messages) {
        this.encoding = encoding == null ? null : encoding.toString().toLowerCase(Locale.ROOT);
        this.messages = messages;
    }

    /** Returns whether the request's encoding is known here. */
    boolean knowsEncoding() {
        return encoding == null || encoding.equals("identity") || encoding.equals("gzip");
    }

    /** Reads the next bytes. The caller still owns the chunk. */
    void read(Chunk chunk) throws UnreadableException {
        byte[] bytes = new byte[chunk.size()];
        chunk.copyTo(bytes, 0);
        int at = 0;
        while (at < bytes.length) {
            if (prefixed < PREFIX) {
                prefix[prefixed++] = bytes[at++];
                if (prefixed == PREFIX) {
                    begin();
                }
            } else {
                int some = Math.min(message.length - filled, bytes.length - at);
                System.arraycopy(bytes, at, message, filled, some);
                at += some;
                filled += some;
                endIfFull();
            }
        }
    }

    /** Returns whether the bytes read so far end in the middle of a message. */
    boolean incomplete() {
        return prefixed > 0;
    }

    private void begin() throws UnreadableException {
        long size = 0;
        for (int i = 1; i < PREFIX; i++) {
            size = size << 8 | prefix[i] & 0xff;
        }
        if (size > LARGEST) {
            throw tooLarge(size + " bytes");
        }
        message = new byte[(int) size];
        filled = 0;
        endIfFull();
    }

    private void endIfFull() throws UnreadableException {
        if (filled == message.length) {
            prefixed = 0;
            messages.accept(prefix[0] == 0 ? message : decompressed());
        }
    }

    private byte[] decompressed() throws UnreadableException {
        if (prefix[0] != 1 || !"gzip".equals(encoding)) {
            throw new UnreadableException(
                    Code.INTERNAL,
                    "a message is flagged " + (prefix[0] & 0xff) + " (expected: 0, or 1 with grpc-encoding: gzip)");
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(message))) {
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
