package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.tls.CallerTls;
import io.middleware.gateway.transport.FrameMeter;
import io.middleware.gateway.transport.Http2;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.Http2SettingsSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpRequestDecoderSpec;
import reactor.netty.http.server.HttpServer;

/** Sets up the versions of HTTP: 1.1, and 2 by prior knowledge. With TLS only 1.1. */
final class HttpVersions {
    private HttpVersions() {}

    /**
     * Returns the server with both. {@link HttpGuard} and {@link Metadata} check headers instead of Netty's codecs:
     * these would treat an HTTP/2 stream with a malformed header as unknown, and close the connection when its data
     * arrive.
     */
    static HttpServer on(HttpServer server, @Nullable CallerTls tls) {
        HttpRequestDecoderSpec set = server.configuration().decoder();
        HttpServer secured = tls == null
                ? server.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
                : server.protocol(HttpProtocol.HTTP11)
                        .secure(spec -> spec.sslContext(tls.http1()))
                        .doOnChannelInit((observer, channel, address) -> tls.watch(channel.pipeline()));
        return secured.httpRequestDecoder(decoder -> decoder.maxInitialLineLength(set.maxInitialLineLength())
                        .maxHeaderSize(set.maxHeaderSize())
                        .initialBufferSize(set.initialBufferSize())
                        .allowDuplicateContentLengths(set.allowDuplicateContentLengths())
                        .allowPartialChunks(set.allowPartialChunks())
                        .h2cMaxContentLength(set.h2cMaxContentLength())
                        .validateHeaders(false))
                .http2Settings(HttpVersions::limit)
                .doOnChannelInit((observer, channel, address) -> withoutUpgrade(channel.pipeline()));
    }

    /** Sets what HTTP/2 needs in any case. */
    static Http2SettingsSpec.Builder limit(Http2SettingsSpec.Builder settings) {
        return settings.initialWindowSize(Http2.STREAM_WINDOW).maxHeaderListSize(Http2.MOST_HEADERS);
    }

    private static void withoutUpgrade(ChannelPipeline pipeline) {
        ChannelHandlerContext upgrade = pipeline.context(HttpServerUpgradeHandler.class);
        if (upgrade != null) {
            pipeline.addBefore(upgrade.name(), null, new Start());
        }
    }

    /** Detects the version that a connection begins with. */
    private static final class Start extends ChannelInboundHandlerAdapter {
        private boolean known;

        /**
         * Ignores a request to upgrade from HTTP/1.1 to HTTP/2, as RFC 9113 allows: an upgrade would have to buffer the
         * whole request first.
         */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
                if (!known) {
                    known = true;
                    // it would look at each part of each request
                    ctx.pipeline().remove(HttpServerUpgradeHandler.class);
                }
            }
            ctx.fireChannelRead(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof CleartextHttp2ServerUpgradeHandler.PriorKnowledgeUpgradeEvent) {
                ChannelPipeline pipeline = ctx.pipeline();
                pipeline.addBefore(
                                NettyPipeline.H2MultiplexHandler, null, new StreamGuard(pipeline.get(FrameMeter.class)))
                        .remove(this);
            }
            ctx.fireUserEventTriggered(event);
        }
    }
}
