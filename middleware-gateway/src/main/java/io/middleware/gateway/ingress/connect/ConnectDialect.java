package io.middleware.gateway.ingress.connect;

import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.ingress.envelope.Dialect;
import io.middleware.gateway.ingress.envelope.RequestOptions;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connect's streams: the status and the trailers are in a last envelope.
 *
 * @param contentType of the request and the response
 */
record ConnectDialect(String contentType, boolean json) implements Dialect {
    private static final AsciiString ACCEPT_POST = AsciiString.cached("accept-post");
    private static final AsciiString OK = HttpResponseStatus.OK.codeAsText();
    private static final AsciiString GRPC = AsciiString.cached("grpc-");

    @Override
    public RequestOptions take(Http2Headers request) {
        return ConnectRequest.take(request, json);
    }

    @Override
    public Http2Headers leading(Http2Headers headers, @Nullable CharSequence encoding) {
        for (CharSequence name : headers.names()) {
            if (isGrpc(name)) {
                headers.remove(name);
            }
        }
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType).set(ConnectRequest.ACCEPT_ENCODING, RequestOptions.GZIP);
        if (encoding != null) {
            headers.set(ConnectRequest.ENCODING, encoding);
        }
        return headers;
    }

    @Override
    public void writeEnd(StreamEnd caller, boolean begun, Http2Headers trailers, @Nullable ConnectError failure) {
        boolean refused = !begun && isRefusal(trailers);
        if (!begun) {
            caller.headers(refused ? refusal(trailers) : only(trailers), false);
        }
        caller.data(refused ? EndOfStream.unary(trailers) : EndOfStream.envelope(trailers, failure), true);
    }

    /** Returns the headers of a response that consists of trailers only: what the gateway has added to them. */
    private Http2Headers only(Http2Headers trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false).status(OK).set(HttpHeaderNames.CONTENT_TYPE, contentType);
        addOurs(trailers, headers);
        return headers;
    }

    /** Returns whether the request was no call, so that a status of HTTP says what was wrong with it. */
    private static boolean isRefusal(Http2Headers trailers) {
        CharSequence status = trailers.status();
        return status != null && !OK.contentEquals(status);
    }

    /** Returns the headers of an error in the form of a unary response. */
    private static Http2Headers refusal(Http2Headers trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .status(trailers.status())
                .set(HttpHeaderNames.CONTENT_TYPE, ContentTypes.JSON)
                .set(ACCEPT_POST, ContentTypes.CONNECT_STREAM + "proto, " + ContentTypes.CONNECT_STREAM + "json");
        addOurs(trailers, headers);
        return headers;
    }

    static boolean isGrpc(CharSequence name) {
        return AsciiString.regionMatchesAscii(name, false, 0, GRPC, 0, GRPC.length());
    }

    /** Returns whether the gateway has set the header, to say how the call went. */
    static boolean isOurs(CharSequence name) {
        AsciiString prefix = MiddlewareHeaders.PREFIX;
        return AsciiString.regionMatchesAscii(name, false, 0, prefix, 0, prefix.length())
                || MiddlewareHeaders.AGE.contentEquals(name);
    }

    private static void addOurs(Http2Headers from, Http2Headers to) {
        for (Map.Entry<CharSequence, CharSequence> header : from) {
            if (isOurs(header.getKey())) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
