package io.middleware.gateway.ingress.connect;

import io.middleware.gateway.ingress.CallerProtocol;
import io.middleware.gateway.ingress.ConvertedStream;
import io.middleware.gateway.ingress.envelope.EnvelopedStream;
import io.middleware.gateway.ingress.envelope.StreamServices;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.schema.Method;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Recognises Connect's calls: {@code application/connect+proto} and {@code application/connect+json} are served. */
@Component
public final class ConnectProtocol implements CallerProtocol {
    private static final String PROTO = ContentTypes.CONNECT_STREAM + "proto";
    private static final String JSON = ContentTypes.CONNECT_STREAM + "json";
    private static final String STREAM_TYPES = PROTO + " or " + JSON;
    private static final String UNARY_TYPES = ContentTypes.PROTO + " or " + ContentTypes.JSON;
    /** Begins the content types of Connect, and those of others. */
    private static final String START = "application/";

    private final StreamServices services;

    public ConnectProtocol(StreamServices services) {
        this.services = services;
    }

    @Override
    public @Nullable ConvertedStream convert(CharSequence contentType, Http2Headers request) {
        if (!AsciiString.regionMatchesAscii(contentType, true, 0, START, 0, START.length())) {
            return null;
        }
        String type = mediaType(contentType);
        boolean unary = type.equals(ContentTypes.PROTO) || type.equals(ContentTypes.JSON);
        if (!unary && !type.startsWith(ContentTypes.CONNECT_STREAM)) {
            return null;
        }
        boolean json = type.equals(JSON);
        return new EnvelopedStream(services, new ConnectDialect(type, json), refusal(type, unary, request));
    }

    /** Returns why the content type is wrong here; null if it is right. */
    private @Nullable String refusal(String type, boolean unary, Http2Headers request) {
        CharSequence path = request.path();
        Method method = path == null ? null : services.methods().method(path.toString());
        if (unary) {
            return "content-type: " + type + " is for unary calls "
                    + (method == null || method.unary()
                            ? "(expected: that they are sent to the port for HTTP)"
                            : "and " + path + " has streams (expected: " + STREAM_TYPES + ")");
        }
        if (!type.equals(PROTO) && !type.equals(JSON)) {
            return "content-type: " + type + " (expected: " + STREAM_TYPES + ")";
        }
        return method != null && method.unary()
                ? "content-type: " + type + " is for streams and " + path + " is unary (expected: " + UNARY_TYPES
                        + ", at the port for HTTP)"
                : null;
    }

    private static String mediaType(CharSequence contentType) {
        String type = contentType.toString().toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip();
    }
}
