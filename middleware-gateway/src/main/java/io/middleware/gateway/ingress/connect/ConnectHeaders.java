package io.middleware.gateway.ingress.connect;

import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.ingress.envelope.RequestOptions;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the headers of the Connect protocol. */
final class ConnectHeaders {
    static final AsciiString ENCODING = AsciiString.cached("connect-content-encoding");
    static final AsciiString ACCEPT_ENCODING = AsciiString.cached("connect-accept-encoding");

    private static final AsciiString VERSION = AsciiString.cached("connect-protocol-version");
    private static final AsciiString TIMEOUT = AsciiString.cached("connect-timeout-ms");
    private static final int MOST_DIGITS = 10;

    /** Concern the body or the protocol. */
    private static final List<AsciiString> NOT_METADATA = List.of(
            VERSION,
            TIMEOUT,
            ENCODING,
            ACCEPT_ENCODING,
            GrpcHeaders.ENCODING,
            GrpcHeaders.TIMEOUT,
            HttpHeaderNames.ACCEPT,
            HttpHeaderNames.ACCEPT_CHARSET,
            HttpHeaderNames.ACCEPT_ENCODING,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.EXPECT);

    private ConnectHeaders() {}

    /**
     * Reads the headers, and makes them those of a call by gRPC.
     *
     * @param json whether the gateway translates the messages, so that the server must not compress them
     * @throws Refusal if they ask for something that there is not
     */
    static RequestOptions take(Http2Headers headers, boolean json) {
        checkVersion(headers.get(VERSION));
        long timeout = timeout(headers.get(TIMEOUT));
        boolean zipped = RequestOptions.isZipped(ENCODING, headers.get(ENCODING));
        boolean takesZipped = RequestOptions.takesZipped(headers.getAll(ACCEPT_ENCODING));
        NOT_METADATA.forEach(headers::remove);
        headers.set(HttpHeaderNames.CONTENT_TYPE, GrpcHeaders.CONTENT_TYPE)
                .set(GrpcHeaders.ACCEPT_ENCODING, takesZipped && !json ? RequestOptions.GZIP : RequestOptions.IDENTITY);
        if (timeout != Long.MAX_VALUE) {
            headers.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(timeout));
        }
        return new RequestOptions(ENCODING, zipped, takesZipped, timeout);
    }

    private static void checkVersion(@Nullable CharSequence version) {
        if (version != null && !AsciiString.contentEquals("1", version)) {
            throw ConnectError.invalidArgument("Connect-Protocol-Version: " + version + " (expected: 1)");
        }
    }

    private static long timeout(@Nullable CharSequence millis) {
        if (millis == null) {
            return Long.MAX_VALUE;
        }
        if (millis.isEmpty() || millis.length() > MOST_DIGITS || !millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw ConnectError.invalidArgument(
                    "Connect-Timeout-Ms: " + millis + " (expected: milliseconds, at most " + MOST_DIGITS + " digits)");
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis, 0, millis.length(), 10));
    }
}
