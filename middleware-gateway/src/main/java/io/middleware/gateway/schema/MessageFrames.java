package io.middleware.gateway.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;

import io.middleware.core.Code;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * gRPC's framing of messages, read from chunks that are cut anywhere: a byte that tells whether the message is compressed, four
 * bytes of its length, the message. Confined to one thread.
 */
public final class MessageFrames {
    private static final int PREFIX = 5;

    private final int limit;
    private final Consumer<byte[]> messages;
    private final byte[] prefix = new byte[PREFIX];
    private int prefixed;
    private byte[] message;
    private int filled;

    /** What comes is no frame that can be taken; {@link #code} is what the caller of the method is to be told. */
    public static final class UnreadableException extends Exception {
        private final Code code;

        UnreadableException(Code code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        public Code code() {
            return code;
        }
    }

    /**
     * @param limit    bytes of the largest message that is taken
     * @param messages gets each message as it is complete
     */
    public MessageFrames(int limit, Consumer<byte[]> messages) {
        this.limit = limit;
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
            throw new UnreadableException(Code.INTERNAL, prefix[0] == 1
                    ? "the server compressed its answer, though it was asked not to"
                    : "the server's answer is not framed as gRPC frames messages");
        }
        long size = Unpooled.wrappedBuffer(prefix).getUnsignedInt(1);
        if (size > limit) {
            throw new UnreadableException(Code.RESOURCE_EXHAUSTED,
                    "the server's answer has " + size + " bytes (expected: at most " + limit + ")");
        }
        message = new byte[(int) size];
        readMessage(bytes);
    }

    private void readMessage(ByteBuf bytes) {
        int some = Math.min(message.length - filled, bytes.readableBytes());
        bytes.readBytes(message, filled, some);
        filled += some;
        if (filled == message.length) {
            byte[] complete = message;
            message = null;
            filled = 0;
            prefixed = 0;
            messages.accept(complete);
        }
    }
}
