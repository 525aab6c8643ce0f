package io.middleware.gateway.ingress;

import io.netty.channel.ChannelInboundHandler;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * A protocol of callers that becomes gRPC on the caller's own stream: a handler rewrites the frames both ways, and all
 * else is as for a call by gRPC.
 */
public interface CallerProtocol {
    /**
     * Returns a handler for one stream, which gets its frames from the first on; null if the request is not of this
     * protocol. To end the call it sends a {@link CallFault} up the pipeline.
     *
     * @param contentType of the request
     */
    @Nullable
    ChannelInboundHandler handler(CharSequence contentType, Http2Headers request);
}
