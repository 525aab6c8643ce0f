package io.middleware.gateway.headers;

import io.middleware.core.Code;
import io.middleware.core.Headers;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Headers that were received or will be sent over HTTP/2. */
public record NettyHeaders(Http2Headers http2) implements Headers {
    @Override
    public CharSequence get(CharSequence name) {
        return http2.get(name);
    }

    @Override
    public List<CharSequence> all(CharSequence name) {
        return http2.getAll(name);
    }

    @Override
    public Code code() {
        CharSequence grpcStatus = http2.get(GrpcHeaders.STATUS);
        return grpcStatus != null ? Code.parse(grpcStatus) : ofHttpStatus(http2.status());
    }

    @Override
    public String message() {
        return Percent.decodeMessage(http2.get(GrpcHeaders.MESSAGE));
    }

    @Override
    public NettyHeaders copy() {
        return new NettyHeaders(new DefaultHttp2Headers(false).add(http2));
    }

    /** Maps the HTTP status of a response that is not a gRPC server's, as gRPC prescribes. */
    public static Code ofHttpStatus(@Nullable CharSequence status) {
        return switch (status == null ? "" : status.toString()) {
            case "400" -> Code.INTERNAL;
            case "401" -> Code.UNAUTHENTICATED;
            case "403" -> Code.PERMISSION_DENIED;
            case "404" -> Code.UNIMPLEMENTED;
            case "429", "502", "503", "504" -> Code.UNAVAILABLE;
            default -> Code.UNKNOWN;
        };
    }
}
