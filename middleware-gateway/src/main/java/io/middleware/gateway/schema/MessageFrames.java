package io.middleware.gateway.schema;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.middleware.core.Code;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes gRPC's framing of messages: a byte for the compression, four bytes for the length, the message.
 * Chunks may be cut anywhere. Confined to one thread.
 */
public final class MessageFrames {
    private static final int PREFIX = 5;
    /**
     * Bytes allocated at first. The array grows with the bytes that arrive, because the announced length cannot be
     * trusted.
     */
    private static final int FIRST_ALLOCATION = 16 << 10;

    private final int limit;
    private final Room room;
    private final Consumer<byte[]> messages;
    private final byte[] prefix = new byte[PREFIX];
    private int prefixed;
    private byte @Nullable [] message;
    private int size;
    private int filled;

    /** Thrown for a frame that cannot be accepted; {@link #code} is the one that the caller of the method must get. */
    public static final class UnreadableException extends Exception {
        private final Code code;

        public UnreadableException(Code code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        public Code code() {
            return code;
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    /** Accounts for the bytes of incomplete messages. */
    public interface Room {
        /**
         * Called before more bytes of a message are read.
         *
         * @param bytes of the message, with those
         * @throws UnreadableException if there is no room for them
         */
        void growTo(int bytes) throws UnreadableException;
    }

    /**
     * @param limit    bytes of the largest message that is accepted
     * @param messages called with each complete message
     */
    public MessageFrames(int limit, Consumer<byte[]> messages) {
        this(limit, bytes -> {}, messages);
    }

    /** {@code room}: asked for the bytes of each message as they arrive. */
    public MessageFrames(int limit, Room room, Consumer<byte[]> messages) {
        this.limit = limit;
        this.room = room;
        this.messages = messages;
    }

    /** Returns the frame of a message. */
    public static ByteBuf frame(MessageLite message) {
        int size = message.getSerializedSize();
        byte[] frame = new byte[PREFIX + size];
        ByteBuf framed = Unpooled.wrappedBuffer(frame).setInt(1, size);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(frame, PREFIX, size);
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return framed;
    }

    /** Returns the frame of a serialized message. */
    public static ByteBuf frame(byte[] message) {
        ByteBuf prefix = Unpooled.buffer(PREFIX, PREFIX).writeByte(0).writeInt(message.length);
        return Unpooled.wrappedBuffer(prefix, Unpooled.wrappedBuffer(message));
    }

    /** Reads the next bytes. The caller still owns the buffer. */
    public void read(ByteBuf bytes) throws UnreadableException {
        while (bytes.isReadable()) {
            if (message == null) {
                readPrefix(bytes);
            }
            if (message != null) {
                readMessage(message, bytes);
            }
        }
    }

    /** Whether the bytes read so far end in the middle of a message. */
    public boolean incomplete() {
        return prefixed > 0;
    }

    private void readPrefix(ByteBuf bytes) throws UnreadableException {
        int some = Math.min(PREFIX - prefixed, bytes.readableBytes());
        bytes.readBytes(prefix, prefixed, some);
        prefixed += some;
        if (prefixed < PREFIX) {
            return;
        }
        if (prefix[0] != 0) {
            throw new UnreadableException(
                    Code.INTERNAL,
                    prefix[0] == 1
                            ? "the server compressed its response, though the request did not allow it"
                            : "the server's response does not have gRPC's framing");
        }
        long announced = Unpooled.wrappedBuffer(prefix).getUnsignedInt(1);
        if (announced > limit) {
            throw new UnreadableException(
                    Code.RESOURCE_EXHAUSTED,
                    "the server's response has " + announced + " bytes (expected: at most " + limit + ")");
        }
        size = (int) announced;
        message = new byte[Math.min(size, Math.max(FIRST_ALLOCATION, bytes.readableBytes()))];
    }

    private void readMessage(byte[] partial, ByteBuf bytes) throws UnreadableException {
        int some = Math.min(size - filled, bytes.readableBytes());
        room.growTo(filled + some);
        byte[] grown = filled + some <= partial.length
                ? partial
                : Arrays.copyOf(partial, (int) Math.min(size, Math.max(filled + some, 2L * partial.length)));
        bytes.readBytes(grown, filled, some);
        filled += some;
        if (filled == size) {
            message = null;
            filled = 0;
            prefixed = 0;
            messages.accept(grown);
        } else {
            message = grown;
        }
    }
}
