package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Reads the response on an attempt's stream. A stream that ends without a status was {@code unsent} in these cases
 * only: there was no connection or no stream on it, its headers never left, the server refused it (REFUSED_STREAM), or
 * sent GOAWAY with a lower last stream. In all other cases the server may have executed the call.
 */
final class ServerFrames implements StreamFrames {
    private static final AsciiString IDENTITY = AsciiString.cached("identity");

    private final ResponseSink stream;
    /** Null until the response has begun. */
    private @Nullable MessageBoundaries messages;
    /** The server has reset the stream after its whole response. */
    private boolean sentAll;

    ServerFrames(ResponseSink stream) {
        this.stream = stream;
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean last) {
        if (!stream.isEnded()) {
            headers(headers, last);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (stream.isEnded()) {
            data.release();
        } else {
            data(data, last);
        }
    }

    @Override
    public void onReset(Http2Error error) {
        if (error == Http2Error.NO_ERROR) {
            // follows a complete response, which may not have been read to its end yet
            sentAll = true;
        } else {
            stream.fail(StreamErrors.reset(error));
        }
    }

    @Override
    public void onUnseen(Http2Error error) {
        stream.fail(StreamErrors.unseen(error));
    }

    @Override
    public void onClosed() {
        if (sentAll) {
            stream.fail(StreamErrors.reset(Http2Error.NO_ERROR));
        } else {
            stream.connectionLost();
        }
    }

    @Override
    public void onWritabilityChanged() {
        if (!stream.isEnded()) {
            stream.listener().onWritabilityChanged();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (failure instanceof Http2Exception.HeaderListSizeException && !stream.isEnded()) {
            String words =
                    "the server has responded, but the metadata of its response is larger than " + Http2.METADATA_WORDS;
            stream.finishInsteadOfServer(
                    messages != null
                            ? GrpcStatus.addTo(new DefaultHttp2Headers(false), Code.RESOURCE_EXHAUSTED, words)
                            : GrpcStatus.trailersOnly(Code.RESOURCE_EXHAUSTED, words));
        } else if (failure instanceof Http2Exception.StreamException malformed) {
            // RFC 9113, 8.1.1
            stream.fail(Outcome.broken(Code.INTERNAL, "its response is malformed HTTP/2: " + failure.getMessage()));
            stream.reset(malformed.error());
        } else {
            stream.failOnceSent(Outcome.broken(Code.UNAVAILABLE, "the stream broke: " + failure.getMessage()));
            stream.reset(Http2Error.INTERNAL_ERROR);
        }
    }

    private void headers(Http2Headers headers, boolean last) {
        if (messages != null) {
            if (last) {
                trailers(headers, messages.inMessage());
            }
            return;
        }
        CharSequence status = headers.status();
        if (!last && isInformational(status)) {
            return;
        }
        boolean hasStatus = headers.contains(GrpcHeaders.STATUS);
        if (last && hasStatus) {
            stream.finish(ResponseHeaders.trailersOnly(headers));
        } else if (!isOk(status) || !GrpcHeaders.isGrpc(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
            noGrpc(headers);
        } else if (last) {
            noStatus();
        } else {
            messages = new MessageBoundaries(isCompressed(headers));
            stream.listener().onHeaders(new NettyHeaders(ResponseHeaders.leading(headers)));
        }
    }

    private void trailers(Http2Headers headers, boolean inMessage) {
        CharSequence status = headers.get(GrpcHeaders.STATUS);
        if (status == null) {
            noStatus();
        } else if (inMessage && Code.parse(status) == Code.OK) {
            stream.abort(Code.INTERNAL, "it ended its response in the middle of a message");
        } else {
            stream.finish(ResponseHeaders.trailing(headers));
        }
    }

    private void data(ByteBuf data, boolean last) {
        if (messages == null) {
            data.release();
            stream.abort(Code.INTERNAL, "it sent data before its headers");
            return;
        }
        String wrong = messages.follow(data);
        if (wrong != null) {
            data.release();
            stream.abort(Code.INTERNAL, wrong);
            return;
        }
        if (data.isReadable()) {
            stream.listener().onChunk(new NettyChunk(data));
        } else {
            data.release();
        }
        if (last && !stream.isEnded()) {
            noStatus();
        }
    }

    private void noStatus() {
        stream.abort(Code.UNKNOWN, "it ended its response without a grpc-status");
    }

    /**
     * Ends the attempt after a response that is not a gRPC server's. A status 4xx blames the request and does not count
     * against the instance; 429, 502, 503 and 504 ask for another instance. All others show that this is no instance.
     */
    private void noGrpc(Http2Headers headers) {
        CharSequence status = headers.status();
        CharSequence type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        Code code = NettyHeaders.ofHttpStatus(status);
        String words = "HTTP status " + status + (type == null ? "" : " with content-type " + type);
        if (code == Code.UNAVAILABLE || status != null && status.length() == 3 && status.charAt(0) == '4') {
            stream.finishInsteadOfServer(GrpcStatus.trailersOnly(code, words + ", which is no gRPC"));
        } else {
            stream.abort(code, "it responded with " + words + ", which is no gRPC");
        }
    }

    private static boolean isCompressed(Http2Headers headers) {
        CharSequence encoding = headers.get(GrpcHeaders.ENCODING);
        return encoding != null && !IDENTITY.contentEquals(encoding);
    }

    private static boolean isInformational(@Nullable CharSequence status) {
        return status != null && status.length() == 3 && status.charAt(0) == '1';
    }

    private static boolean isOk(@Nullable CharSequence status) {
        return status != null && HttpResponseStatus.OK.codeAsText().contentEquals(status);
    }
}
