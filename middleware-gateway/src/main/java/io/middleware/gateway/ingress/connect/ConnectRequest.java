package io.middleware.gateway.ingress.connect;

import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.ingress.envelope.RequestOptions;
import io.middleware.gateway.ingress.http.result.ConnectHeaders;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/** Makes the request headers of a stream by Connect those of a call by gRPC. */
final class ConnectRequest {
    static final AsciiString ENCODING = AsciiString.cached("connect-content-encoding");
    static final AsciiString ACCEPT_ENCODING = AsciiString.cached("connect-accept-encoding");

    /** Concern the body or the protocol. */
    private static final List<AsciiString> NOT_METADATA = List.of(
            ConnectHeaders.VERSION,
            ConnectHeaders.TIMEOUT,
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

    private ConnectRequest() {}

    /**
     * Reads the headers, and makes them those of a call by gRPC.
     *
     * @param json whether the gateway translates the messages, so that the server must not compress them
     * @throws Refusal if they ask for something that there is not
     */
    static RequestOptions take(Http2Headers headers, boolean json) {
        ConnectHeaders.checkVersion(headers.get(ConnectHeaders.VERSION));
        long timeout = ConnectHeaders.timeout(headers.get(ConnectHeaders.TIMEOUT));
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
}
