package io.middleware.gateway.ingress.envelope;

import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** How a protocol differs from gRPC. */
public interface Dialect {
    /** Returns whether messages are JSON, which are translated. */
    boolean json();

    /**
     * Reads the headers of a request, and makes them those of a call by gRPC.
     *
     * @throws Refusal if they ask for something that there is not
     */
    RequestOptions take(Http2Headers request);

    /**
     * Returns the headers that a response of messages begins with.
     *
     * @param headers  of gRPC's response; may be changed
     * @param encoding of the messages; null if they are not compressed
     */
    Http2Headers leading(Http2Headers headers, @Nullable CharSequence encoding);

    /**
     * Writes the end of a response.
     *
     * @param begun    whether it has headers already
     * @param trailers of gRPC's response, or its only headers; may be changed
     * @param failure  replaces the status; null for none
     */
    void writeEnd(StreamEnd caller, boolean begun, Http2Headers trailers, @Nullable ConnectError failure);
}
