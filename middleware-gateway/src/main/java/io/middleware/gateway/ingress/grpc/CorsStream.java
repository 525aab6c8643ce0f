package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.Cors;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Lets pages of allowed origins read the response on one stream. Calls by gRPC never come from a page. */
final class CorsStream extends ChannelOutboundHandlerAdapter {
    private static final AsciiString OF_SERVER = AsciiString.cached("access-control-");

    private final Cors cors;
    private final @Nullable CharSequence origin;

    CorsStream(Cors cors, Http2Headers request) {
        this.cors = cors;
        this.origin = request.get(HttpHeaderNames.ORIGIN);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
        if (frame instanceof Http2HeadersFrame response && response.headers().status() != null) {
            Http2Headers headers = response.headers();
            for (CharSequence name : headers.names()) {
                if (AsciiString.regionMatchesAscii(name, false, 0, OF_SERVER, 0, OF_SERVER.length())) {
                    headers.remove(name);
                }
            }
            cors.addTo(origin, headers::add);
        }
        ctx.write(frame, promise);
    }
}
