package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** The names of gRPC's and the middleware's own headers, and the form of the one that needs some work. */
public final class GrpcHeaders {
    public static final AsciiString CONTENT_TYPE = AsciiString.cached("application/grpc");
    public static final AsciiString STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    public static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    public static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    public static final AsciiString RETRY_PUSHBACK = AsciiString.cached("grpc-retry-pushback-ms");
    public static final AsciiString PREVIOUS_ATTEMPTS = AsciiString.cached("grpc-previous-rpc-attempts");
    public static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("idempotency-key");

    public static final AsciiString CALL_ID = AsciiString.cached("x-call-id");
    public static final AsciiString INSTANCE = AsciiString.cached("middleware-instance");
    public static final AsciiString ATTEMPTS = AsciiString.cached("middleware-attempts");
    public static final AsciiString TRIED = AsciiString.cached("middleware-tried");
    public static final AsciiString GATEWAY = AsciiString.cached("middleware-gateway");
    public static final AsciiString FALLBACK = AsciiString.cached("middleware-fallback");
    public static final AsciiString AGE = AsciiString.cached("age");

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final long MOST = 99_999_999;
    /** What may follow gRPC's content type: a format, a parameter. */
    private static final String SUFFIXES = "+; ";

    private GrpcHeaders() {}

    /** A {@code grpc-timeout} in the finest unit that its eight digits hold. */
    public static String timeout(long nanos) {
        long left = Math.max(0, nanos);
        if (left <= MOST) {
            return left + "n";
        }
        if (left / 1_000 <= MOST) {
            return left / 1_000 + "u";
        }
        if (left / 1_000_000 <= MOST) {
            return left / 1_000_000 + "m";
        }
        return Math.min(MOST, left / 1_000_000_000) + "S";
    }

    /**
     * The nanoseconds that a {@code grpc-timeout} stands for, {@link Long#MAX_VALUE} if it is longer than a long holds.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static long parseTimeout(CharSequence value) {
        int last = value.length() - 1;
        if (last >= 1 && last <= 8) {
            TimeUnit unit = unit(value.charAt(last));
            if (unit != null && digits(value, last)) {
                return unit.toNanos(Long.parseLong(value, 0, last, 10));
            }
        }
        throw new IllegalArgumentException(
                "grpc-timeout: " + value + " (expected: up to 8 digits and a unit of H, M, S, m, u, n)");
    }

    /** Whether a content type is gRPC's, whatever the messages are made of ({@code application/grpc+proto}). */
    public static boolean isGrpc(CharSequence contentType) {
        int length = CONTENT_TYPE.length();
        return contentType != null
                && AsciiString.regionMatchesAscii(contentType, true, 0, CONTENT_TYPE, 0, length)
                && (contentType.length() == length || SUFFIXES.indexOf(contentType.charAt(length)) >= 0);
    }

    /** Returns a host and a port as {@code :authority} has them: an IPv6 address in brackets, and without its zone. */
    public static String authority(String host, int port) {
        if (host.indexOf(':') < 0) {
            return host + ":" + port;
        }
        int zone = host.indexOf('%');
        return "[" + (zone < 0 ? host : host.substring(0, zone)) + "]:" + port;
    }

    /** Adds how a call ended. */
    public static Http2Headers status(Http2Headers trailers, Code code, String message) {
        return trailers.set(STATUS, Integer.toString(code.ordinal())).set(MESSAGE, encodeMessage(message));
    }

    /** An answer that is nothing but how the call ended. */
    public static Http2Headers trailersOnly(Code code, String message) {
        return status(
                new DefaultHttp2Headers(false)
                        .status(HttpResponseStatus.OK.codeAsText())
                        .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE),
                code,
                message);
    }

    /** A {@code grpc-message}: percent-encoded UTF-8, as gRPC prescribes. */
    public static String encodeMessage(String message) {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            append(encoded, b, b == '%');
        }
        return encoded.toString();
    }

    /** Encodes what a header may not have of a {@code grpc-message} that came with a character for each octet. */
    static String encodeOctets(CharSequence message) {
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

    private static boolean digits(CharSequence value, int end) {
        for (int i = 0; i < end; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static TimeUnit unit(char unit) {
        return switch (unit) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> null;
        };
    }
}
