package io.middleware.gateway.ingress.grpc;

import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.ingress.CallerProtocol;
import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.ingress.ConvertedStream;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.GrpcCall;
import io.middleware.gateway.ingress.RequestHeaders;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** Finds the protocol of a stream that is not gRPC's, or whose messages have a format of their own. */
final class ProtocolChoice {
    private static final CharSequence NO_CONTENT = HttpResponseStatus.NO_CONTENT.codeAsText();

    private ProtocolChoice() {}

    /**
     * Returns what reads a stream that begins with these headers. Responds itself to a preflight, and to a request of no
     * protocol.
     *
     * @param last whether the headers are the whole request
     */
    static GrpcCall call(CallerConnection connection, Http2Headers request, boolean last, StreamEnd stream) {
        CharSequence contentType = request.get(HttpHeaderNames.CONTENT_TYPE);
        if (GrpcHeaders.isPlain(contentType)) {
            return new GrpcStream(connection, stream);
        }
        boolean awaits = request.getAndRemove(MiddlewareHeaders.AWAIT_REQUEST) != null;
        if (!awaits || last || GrpcHeaders.isGrpc(contentType)) {
            return call(connection, contentType, request, last, stream);
        }
        HeldEnd held = new HeldEnd(stream, connection.flushes());
        held.bind(call(connection, contentType, request, false, held));
        return held;
    }

    private static GrpcCall call(
            CallerConnection connection,
            @Nullable CharSequence contentType,
            Http2Headers request,
            boolean last,
            StreamEnd stream) {
        CallerProtocols protocols = connection.services().protocols();
        Cors cors = protocols.cors();
        boolean grpc = GrpcHeaders.isGrpc(contentType);
        if (!grpc && request.method() != null && cors.answersPreflight(request.method(), request::get)) {
            GrpcStream preflight = new GrpcStream(connection, stream);
            preflight.response(last).end(allowance(cors, request));
            return preflight;
        }
        StreamEnd caller = grpc ? stream : new CorsStream(stream, cors, request);
        if (grpc || RequestHeaders.isPost(request)) {
            ConvertedStream converted = contentType == null ? null : converted(protocols, contentType, request);
            if (converted != null) {
                converted.begin(caller, new ConvertedCall(connection, converted), connection.flushes());
                return converted;
            }
        }
        GrpcStream call = new GrpcStream(connection, caller);
        if (!grpc) {
            refuse(request, contentType, call.response(last));
        }
        return call;
    }

    private static Http2Headers allowance(Cors cors, Http2Headers request) {
        Http2Headers allowance = new DefaultHttp2Headers(false).status(NO_CONTENT);
        cors.addPreflightTo(request::get, allowance::add);
        return allowance;
    }

    private static void refuse(Http2Headers request, @Nullable CharSequence contentType, GrpcResponse response) {
        if (!RequestHeaders.isPost(request)) {
            response.refuseMethod(request);
        } else {
            response.refuse(
                    415,
                    (contentType == null ? "no content-type" : "content-type: " + contentType)
                            + " (expected: application/grpc)");
        }
    }

    private static @Nullable ConvertedStream converted(
            CallerProtocols protocols, CharSequence contentType, Http2Headers request) {
        for (CallerProtocol protocol : protocols.others()) {
            ConvertedStream stream = protocol.convert(contentType, request);
            if (stream != null) {
                return stream;
            }
        }
        return null;
    }
}
