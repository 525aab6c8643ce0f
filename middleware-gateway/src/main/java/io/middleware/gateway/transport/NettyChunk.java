package io.middleware.gateway.transport;

import io.middleware.core.Chunk;
import io.netty.buffer.ByteBuf;

/** Bytes in one of Netty's reference-counted buffers; owns one reference. */
public record NettyChunk(ByteBuf bytes) implements Chunk {
    @Override
    public int size() {
        return bytes.readableBytes();
    }

    @Override
    public Chunk copy() {
        return new NettyChunk(bytes.retainedDuplicate());
    }

    @Override
    public void copyTo(byte[] target, int at) {
        bytes.getBytes(bytes.readerIndex(), target, at, size());
    }

    @Override
    public void release() {
        bytes.release();
    }
}
