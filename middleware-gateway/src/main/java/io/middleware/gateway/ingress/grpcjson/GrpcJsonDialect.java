package io.middleware.gateway.ingress.grpcjson;

import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.ingress.envelope.Dialect;
import io.middleware.gateway.ingress.envelope.RequestOptions;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** gRPC itself, but for the format of its messages. */
final class GrpcJsonDialect implements Dialect {
    static final GrpcJsonDialect INSTANCE = new GrpcJsonDialect();

    private GrpcJsonDialect() {}

    @Override
    public boolean json() {
        return true;
    }

    @Override
    public RequestOptions take(Http2Headers request) {
        boolean zipped = RequestOptions.isZipped(GrpcHeaders.ENCODING, request.get(GrpcHeaders.ENCODING));
        boolean takesZipped = RequestOptions.takesZipped(request.getAll(GrpcHeaders.ACCEPT_ENCODING));
        request.remove(GrpcHeaders.ENCODING);
        request.set(HttpHeaderNames.CONTENT_TYPE, GrpcHeaders.CONTENT_TYPE)
                .set(GrpcHeaders.ACCEPT_ENCODING, RequestOptions.IDENTITY);
        return new RequestOptions(GrpcHeaders.ENCODING, zipped, takesZipped, timeout(request.get(GrpcHeaders.TIMEOUT)));
    }

    /** A malformed one is refused when the call starts. */
    private static long timeout(@Nullable CharSequence value) {
        try {
            return value == null ? Long.MAX_VALUE : GrpcTimeout.parse(value);
        } catch (IllegalArgumentException malformed) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public Http2Headers leading(Http2Headers headers, @Nullable CharSequence encoding) {
        headers.remove(GrpcHeaders.ENCODING);
        if (encoding != null) {
            headers.set(GrpcHeaders.ENCODING, encoding);
        }
        return headers.set(HttpHeaderNames.CONTENT_TYPE, GrpcJson.TYPE);
    }

    @Override
    public void writeEnd(StreamEnd caller, boolean begun, Http2Headers trailers, @Nullable ConnectError failure) {
        if (failure != null) {
            trailers.remove(GrpcHeaders.STATUS_DETAILS);
            GrpcStatus.addTo(trailers, failure.code(), failure.message());
        }
        if (GrpcHeaders.isGrpc(trailers.get(HttpHeaderNames.CONTENT_TYPE))) {
            trailers.set(HttpHeaderNames.CONTENT_TYPE, GrpcJson.TYPE);
        }
        caller.headers(trailers, true);
    }
}
