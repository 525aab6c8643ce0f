package io.middleware.gateway.ingress.connect;

import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP headers of a response from those of gRPC. */
final class ResponseForm {
    private static final AsciiString ACCEPT_POST = AsciiString.cached("accept-post");
    private static final AsciiString OK = HttpResponseStatus.OK.codeAsText();
    private static final AsciiString GRPC = AsciiString.cached("grpc-");

    private ResponseForm() {}

    /** Returns the headers that a response of messages begins with: these, changed. */
    static Http2Headers leading(Http2Headers headers, String contentType, @Nullable StreamCall call) {
        CharSequence encoding = headers.get(GrpcHeaders.ENCODING);
        for (CharSequence name : headers.names()) {
            if (isGrpc(name)) {
                headers.remove(name);
            }
        }
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType).set(RequestOptions.ACCEPT_ENCODING, RequestOptions.GZIP);
        if (call != null && call.translation() != null) {
            encoding = call.options().takesZipped() ? RequestOptions.GZIP : null;
        }
        if (encoding != null) {
            headers.set(RequestOptions.ENCODING, encoding);
        }
        return headers;
    }

    /** Returns the headers of a response that consists of trailers only: what the gateway has added to them. */
    static Http2Headers only(Http2Headers trailers, String contentType) {
        Http2Headers headers = new DefaultHttp2Headers(false).status(OK).set(HttpHeaderNames.CONTENT_TYPE, contentType);
        addOurs(trailers, headers);
        return headers;
    }

    /** Returns whether the request was no call, so that a status of HTTP says what was wrong with it. */
    static boolean isRefusal(Http2Headers trailers) {
        CharSequence status = trailers.status();
        return status != null && !OK.contentEquals(status);
    }

    /** Returns the headers of an error in the form of a unary response. */
    static Http2Headers refusal(Http2Headers trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .status(trailers.status())
                .set(HttpHeaderNames.CONTENT_TYPE, ContentTypes.JSON)
                .set(ACCEPT_POST, ContentTypes.CONNECT_STREAM + "proto, " + ContentTypes.CONNECT_STREAM + "json");
        addOurs(trailers, headers);
        return headers;
    }

    static String message(Http2Headers trailers) {
        return new NettyHeaders(trailers).message();
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
