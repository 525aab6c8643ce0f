package io.middleware.gateway.headers;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.util.AsciiString;
import java.util.Set;

/**
 * Names the headers that HPACK writes as literals that are never indexed (RFC 7541, 6.2.3): those whose value is
 * another one in each call, as each would push a header that repeats out of the table of 4 KiB; and secrets, as callers
 * share the table of a connection to an instance, where the length of a header block would betray a guess (RFC 7541,
 * 7.1). All others are indexed.
 */
public final class LiteralHeaders implements SensitivityDetector {
    public static final LiteralHeaders RULES = new LiteralHeaders();

    private static final Set<AsciiString> NEVER_INDEXED = Set.of(
            // secret
            Credentials.AUTHORIZATION,
            Credentials.API_KEY,
            MiddlewareHeaders.CLIENT_CERTIFICATE,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.COOKIE,
            HttpHeaderNames.SET_COOKIE,
            // new in each call
            MiddlewareHeaders.CALL_ID,
            MiddlewareHeaders.TRIED,
            MiddlewareHeaders.AGE,
            MiddlewareHeaders.DEFER,
            MiddlewareHeaders.DEFERRED,
            GrpcHeaders.TIMEOUT,
            GrpcHeaders.MESSAGE,
            GrpcHeaders.PREVIOUS_ATTEMPTS,
            GrpcHeaders.TRACEPARENT,
            GrpcHeaders.IDEMPOTENCY_KEY,
            AsciiString.cached("tracestate"),
            AsciiString.cached("b3"),
            AsciiString.cached("x-b3-traceid"),
            AsciiString.cached("x-b3-spanid"),
            AsciiString.cached("x-b3-parentspanid"),
            AsciiString.cached("uber-trace-id"),
            AsciiString.cached("x-cloud-trace-context"),
            AsciiString.cached("x-amzn-trace-id"),
            AsciiString.cached("x-request-id"),
            AsciiString.cached("x-correlation-id"),
            AsciiString.cached("x-request-start"),
            AsciiString.cached("x-forwarded-for"),
            AsciiString.cached("x-real-ip"),
            AsciiString.cached("forwarded"),
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.DATE,
            HttpHeaderNames.ETAG,
            HttpHeaderNames.LAST_MODIFIED);

    private LiteralHeaders() {}

    /** Returns whether a header is never indexed. Binary metadata are mostly traces and details of errors. */
    @Override
    public boolean isSensitive(CharSequence name, CharSequence value) {
        return NEVER_INDEXED.contains(AsciiString.of(name)) || BinaryMetadata.isName(name);
    }
}
