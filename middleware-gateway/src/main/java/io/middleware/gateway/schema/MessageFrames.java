package io.middleware.gateway.schema;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.middleware.core.Code;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * gRPC's framing of messages, read from chunks that are cut anywhere: a byte that tells whether the message is compressed, four
 * bytes of its length, the message. Confined to one thread.
 */
public final class MessageFrames {
    private static final int PREFIX = 5;
    /** Bytes that a message gets at once; more as they come, as its length is only what somebody says. */
    private static final int AT_ONCE = 16 << 10;

    private final int limit;
    private final Room room;
    private final Consumer<byte[]> messages;
    private final byte[] prefix = new byte[PREFIX];
    private int prefixed;
    private byte[] message;
    private int size;
    private int filled;

    /** What comes is no frame that can be taken; {@link #code} is what the caller of the method is to be told. */
    public static final class UnreadableException extends Exception {
        private final Code code;

        public UnreadableException(Code code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        public Code code() {
            return code;
        }
    }

    /** For what is held of messages that are not complete. */
    public interface Room {
        /**
         * Told before bytes are taken in.
         *
         * @param bytes of one message
         * @throws UnreadableException if there is no room for them
         */
        void growTo(int bytes) throws UnreadableException;
    }

    /**
     * @param limit    bytes of the largest message that is taken
     * @param messages gets each message as it is complete
     */
    public MessageFrames(int limit, Consumer<byte[]> messages) {
        this(limit, bytes -> {}, messages);
    }

    /** {@code room}: asked for what each message takes, which grows as it comes. */
    public MessageFrames(int limit, Room room, Consumer<byte[]> messages) {
        this.limit = limit;
        this.room = room;
        this.messages = messages;
    }

    /** The frame of a message. */
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

    /** The frame of a message that is serialized already. */
    public static ByteBuf frame(byte[] message) {
        ByteBuf prefix = Unpooled.buffer(PREFIX, PREFIX).writeByte(0).writeInt(message.length);
        return Unpooled.wrappedBuffer(prefix, Unpooled.wrappedBuffer(message));
    }

    /** Reads on; the bytes stay the giver's. */
    public void read(ByteBuf bytes) throws UnreadableException {
        while (bytes.isReadable()) {
            if (message == null) {
                readPrefix(bytes);
            }
            if (message != null) {
                readMessage(bytes);
            }
        }
    }

    /** Whether the bytes so far end in the middle of a message. */
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
                            ? "the server compressed its answer, though it was asked not to"
                            : "the server's answer is not framed as gRPC frames messages");
        }
        long announced = Unpooled.wrappedBuffer(prefix).getUnsignedInt(1);
        if (announced > limit) {
            throw new UnreadableException(
                    Code.RESOURCE_EXHAUSTED,
                    "the server's answer has " + announced + " bytes (expected: at most " + limit + ")");
        }
        size = (int) announced;
        message = new byte[Math.min(size, Math.max(AT_ONCE, bytes.readableBytes()))];
    }

    private void readMessage(ByteBuf bytes) throws UnreadableException {
        int some = Math.min(size - filled, bytes.readableBytes());
        room.growTo(filled + some);
        if (filled + some > message.length) {
            message = Arrays.copyOf(message, (int) Math.min(size, Math.max(filled + some, 2L * message.length)));
        }
        bytes.readBytes(message, filled, some);
        filled += some;
        if (filled == size) {
            byte[] complete = message;
            message = null;
            filled = 0;
            prefixed = 0;
            messages.accept(complete);
        }
    }
}
