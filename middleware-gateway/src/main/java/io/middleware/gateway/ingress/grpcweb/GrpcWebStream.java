package io.middleware.gateway.ingress.grpcweb;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.ingress.CallFault;
import io.middleware.gateway.ingress.ConvertedStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.base64.Base64;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Turns one call by gRPC-Web into a call by gRPC. Messages have the same framing in both, so binary ones pass unread;
 * the trailers of the response become the last frame of its body.
 */
final class GrpcWebStream extends ConvertedStream {
    /** Concern the body as the caller sees it, or how a browser asks. */
    private static final List<AsciiString> NOT_METADATA = List.of(
            HttpHeaderNames.ACCEPT,
            HttpHeaderNames.ACCEPT_CHARSET,
            HttpHeaderNames.ACCEPT_ENCODING,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.EXPECT,
            AsciiString.cached("x-grpc-web"));

    private final Base64Pieces request = new Base64Pieces();
    private final boolean textRequest;
    private final boolean textResponse;
    private final String responseType;
    private boolean begun;
    private boolean broken;

    /** {@code textRequest}: whether the request is base64. */
    GrpcWebStream(boolean textRequest, String responseType) {
        this.textRequest = textRequest;
        this.textResponse = GrpcWeb.isText(responseType);
        this.responseType = responseType;
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        if (!begun) {
            begun = true;
            headers.set(HttpHeaderNames.CONTENT_TYPE, GrpcWeb.grpcType(responseType));
            NOT_METADATA.forEach(headers::remove);
        }
        call().onHeaders(headers, last);
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (broken) {
            data.release();
        } else if (textRequest) {
            decode(data, last);
        } else {
            call().onData(data, last);
        }
    }

    private void decode(ByteBuf data, boolean last) {
        ByteBuf bytes;
        try {
            bytes = request.decode(data, last);
        } catch (IllegalArgumentException wrong) {
            broken = true;
            call().fail(new CallFault(new Failure(Code.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()))));
            return;
        } finally {
            data.release();
        }
        call().onData(bytes, last);
    }

    @Override
    public void headers(Http2Headers headers, boolean last) {
        if (headers.status() == null && last) {
            data(TrailersFrame.of(headers), true);
            return;
        }
        if (GrpcHeaders.isGrpc(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, responseType);
        }
        caller().headers(headers, last);
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        caller().data(textResponse ? text(data) : data, last);
    }

    /** Returns the bytes as a piece of base64 of their own, padded; releases them. */
    private static ByteBuf text(ByteBuf bytes) {
        try {
            return Base64.encode(bytes, false);
        } finally {
            bytes.release();
        }
    }
}
