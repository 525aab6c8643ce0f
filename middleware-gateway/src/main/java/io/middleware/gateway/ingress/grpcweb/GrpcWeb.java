package io.middleware.gateway.ingress.grpcweb;

import io.middleware.gateway.ingress.CallerProtocol;
import io.middleware.gateway.ingress.ConvertedStream;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Recognises calls by gRPC-Web: {@code application/grpc-web} or {@code application/grpc-web-text}, in any format. */
@Component
public final class GrpcWeb implements CallerProtocol {
    private static final String BINARY = "application/grpc-web";
    private static final String TEXT = "application/grpc-web-text";

    @Override
    public @Nullable ConvertedStream convert(CharSequence contentType, Http2Headers request) {
        if (!AsciiString.regionMatchesAscii(contentType, true, 0, BINARY, 0, BINARY.length())) {
            return null;
        }
        String type = mediaType(contentType);
        boolean text = is(type, TEXT);
        return text || is(type, BINARY)
                ? new GrpcWebStream(text, responseType(text, type, request.get(HttpHeaderNames.ACCEPT)))
                : null;
    }

    /** Returns the type that the caller accepts; that of the request if it accepts both, or does not say. */
    private static String responseType(boolean text, String type, @Nullable CharSequence accept) {
        String accepted = accept == null ? "" : accept.toString().toLowerCase(Locale.ROOT);
        String format = type.substring((text ? TEXT : BINARY).length());
        boolean takesText = accepted.contains(TEXT);
        boolean takesBinary = accepted.replace(TEXT, "").contains(BINARY);
        boolean asText = takesText == takesBinary ? text : takesText;
        return (asText ? TEXT : BINARY) + format;
    }

    /** Returns whether a type is this one, with a format or without. */
    private static boolean is(String type, String expected) {
        return type.startsWith(expected)
                && (type.length() == expected.length() || type.charAt(expected.length()) == '+');
    }

    private static String mediaType(CharSequence contentType) {
        String type = contentType.toString().toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip();
    }

    /** Returns whether a response of this type is base64. */
    static boolean isText(String type) {
        return is(type, TEXT);
    }

    /** Returns gRPC's content type with the same format. */
    static String grpcType(String type) {
        int format = type.indexOf('+');
        return "application/grpc" + (format < 0 ? "" : type.substring(format));
    }
}
