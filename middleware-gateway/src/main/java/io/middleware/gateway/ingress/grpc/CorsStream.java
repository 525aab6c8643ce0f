package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.ForwardingStream;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Lets pages of allowed origins read the response on one stream. Calls by gRPC never come from a page. */
final class CorsStream extends ForwardingStream {
    private static final AsciiString OF_SERVER = AsciiString.cached("access-control-");

    private final StreamEnd caller;
    private final Cors cors;
    private final @Nullable CharSequence origin;

    CorsStream(StreamEnd caller, Cors cors, Http2Headers request) {
        this.caller = caller;
        this.cors = cors;
        this.origin = request.get(HttpHeaderNames.ORIGIN);
    }

    @Override
    protected StreamEnd caller() {
        return caller;
    }

    @Override
    public void headers(Http2Headers headers, boolean last) {
        if (headers.status() != null) {
            for (CharSequence name : headers.names()) {
                if (AsciiString.regionMatchesAscii(name, false, 0, OF_SERVER, 0, OF_SERVER.length())) {
                    headers.remove(name);
                }
            }
            cors.addTo(origin, headers::add);
        }
        caller.headers(headers, last);
    }
}
