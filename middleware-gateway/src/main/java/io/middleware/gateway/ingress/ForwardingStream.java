package io.middleware.gateway.ingress;

import io.middleware.gateway.transport.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/** A stream that writes to another one. */
public abstract class ForwardingStream implements StreamEnd {
    /** Returns the one that is written to. */
    protected abstract StreamEnd caller();

    @Override
    public void headers(Http2Headers headers, boolean last) {
        caller().headers(headers, last);
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        caller().data(data, last);
    }

    @Override
    public void reset(Http2Error error) {
        caller().reset(error);
    }

    @Override
    public boolean isWritable() {
        return caller().isWritable();
    }

    @Override
    public boolean isDrained() {
        return caller().isDrained();
    }

    @Override
    public void pause(boolean pause) {
        caller().pause(pause);
    }
}
