package io.middleware.gateway.ingress;

import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * A protocol of callers that becomes gRPC on the caller's own stream: its frames are converted both ways, and all else
 * is as for a call by gRPC.
 */
public interface CallerProtocol {
    /**
     * Returns what converts one stream, which gets its frames from the first on; null if the request is not of this
     * protocol.
     *
     * @param contentType of the request
     */
    @Nullable
    ConvertedStream convert(CharSequence contentType, Http2Headers request);
}
