package io.middleware.gateway.headers;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The names of gRPC's headers, and the forms of {@code content-type} and {@code :authority}. */
public final class GrpcHeaders {
    public static final AsciiString CONTENT_TYPE = AsciiString.cached("application/grpc");
    public static final AsciiString STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    public static final AsciiString STATUS_DETAILS = AsciiString.cached("grpc-status-details-bin");
    public static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    public static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    public static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    public static final AsciiString RETRY_PUSHBACK = AsciiString.cached("grpc-retry-pushback-ms");
    public static final AsciiString PREVIOUS_ATTEMPTS = AsciiString.cached("grpc-previous-rpc-attempts");
    /** The span of the caller (W3C Trace Context). */
    public static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");

    public static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("idempotency-key");

    /** What may follow {@link #CONTENT_TYPE}: a format or a parameter. */
    private static final String SUFFIXES = "+; ";

    private GrpcHeaders() {}

    /** Returns whether a content type is gRPC's without a message format, which is Protobuf's then. */
    public static boolean isPlain(@Nullable CharSequence contentType) {
        return contentType != null && CONTENT_TYPE.contentEqualsIgnoreCase(contentType);
    }

    /** Returns whether a content type is gRPC's, in any message format ({@code application/grpc+proto}). */
    public static boolean isGrpc(@Nullable CharSequence contentType) {
        int length = CONTENT_TYPE.length();
        return contentType != null
                && AsciiString.regionMatchesAscii(contentType, true, 0, CONTENT_TYPE, 0, length)
                && (contentType.length() == length || SUFFIXES.indexOf(contentType.charAt(length)) >= 0);
    }

    /** Returns the {@code :authority} of a host and a port: an IPv6 address gets brackets and loses its zone. */
    public static String authority(String host, int port) {
        if (host.indexOf(':') < 0) {
            return host + ":" + port;
        }
        int zone = host.indexOf('%');
        return "[" + (zone < 0 ? host : host.substring(0, zone)) + "]:" + port;
    }
}
