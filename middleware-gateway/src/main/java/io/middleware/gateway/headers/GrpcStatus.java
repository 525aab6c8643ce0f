package io.middleware.gateway.headers;

import io.middleware.core.Code;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes how a call ended: {@code grpc-status} and {@code grpc-message}. */
public final class GrpcStatus {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private GrpcStatus() {}

    /** Adds the status to trailers, and returns them. */
    public static Http2Headers addTo(Http2Headers trailers, Code code, String message) {
        return trailers.set(GrpcHeaders.STATUS, Integer.toString(code.ordinal()))
                .set(GrpcHeaders.MESSAGE, encodeMessage(message));
    }

    /** Returns the headers of a response that consists of a status only. */
    public static Http2Headers trailersOnly(Code code, String message) {
        return addTo(
                new DefaultHttp2Headers(false)
                        .status(HttpResponseStatus.OK.codeAsText())
                        .set(HttpHeaderNames.CONTENT_TYPE, GrpcHeaders.CONTENT_TYPE),
                code,
                message);
    }

    /** Returns a {@code grpc-message}: percent-encoded UTF-8, as gRPC prescribes. */
    public static String encodeMessage(String message) {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            append(encoded, b, b == '%');
        }
        return encoded.toString();
    }

    /** Encodes the octets that a header value cannot hold; {@code message} has a character for each octet. */
    public static String encodeOctets(CharSequence message) {
        StringBuilder encoded = new StringBuilder(message.length());
        for (int i = 0; i < message.length(); i++) {
            append(encoded, (byte) message.charAt(i), false);
        }
        return encoded.toString();
    }

    private static void append(StringBuilder encoded, byte octet, boolean reserved) {
        if (octet >= ' ' && octet <= '~' && !reserved) {
            encoded.append((char) octet);
        } else {
            encoded.append('%').append(HEX.toHexDigits(octet));
        }
    }
}
