package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.ingress.ForwardingGrpcCall;
import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * The call behind a stream that is converted. What comes out may have to be converted once more, as gRPC-Web with
 * messages of JSON has.
 */
final class ConvertedCall implements ForwardingGrpcCall {
    private final CallerConnection connection;
    private final StreamEnd stream;
    /** Null until the first headers, or a failure before them. */
    private @Nullable GrpcCall call;

    ConvertedCall(CallerConnection connection, StreamEnd stream) {
        this.connection = connection;
        this.stream = stream;
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        if (call == null) {
            call = ProtocolChoice.call(connection, headers, last, stream);
        }
        call.onHeaders(headers, last);
    }

    @Override
    public GrpcCall call() {
        if (call == null) {
            call = new GrpcStream(connection, stream);
        }
        return call;
    }
}
