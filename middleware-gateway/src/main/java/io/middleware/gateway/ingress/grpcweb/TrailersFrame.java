package io.middleware.gateway.ingress.grpcweb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/** The last frame of a response's body: its trailers as a block of HTTP/1.1 headers, marked by the first bit. */
final class TrailersFrame {
    private static final int TRAILERS = 0x80;
    private static final int PREFIX = 5;

    private TrailersFrame() {}

    static ByteBuf of(Http2Headers trailers) {
        ByteBuf frame = Unpooled.buffer().writeByte(TRAILERS).writeInt(0);
        for (Map.Entry<CharSequence, CharSequence> trailer : trailers) {
            CharSequence name = trailer.getKey();
            if (!name.isEmpty() && name.charAt(0) != ':') {
                ByteBufUtil.writeAscii(frame, name);
                ByteBufUtil.writeAscii(frame, ": ");
                ByteBufUtil.writeAscii(frame, trailer.getValue());
                ByteBufUtil.writeAscii(frame, "\r\n");
            }
        }
        return frame.setInt(1, frame.readableBytes() - PREFIX);
    }
}
