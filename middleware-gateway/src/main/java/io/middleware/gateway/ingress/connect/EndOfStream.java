package io.middleware.gateway.ingress.connect;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.middleware.core.Code;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The last envelope of a response: an object of JSON with the error, if there is one, and the trailers. */
final class EndOfStream {
    private static final int END = 2;
    private static final int PREFIX = 5;

    private EndOfStream() {}

    /** {@code failure}: replaces the status of the trailers; null for none. */
    static ByteBuf envelope(Http2Headers trailers, @Nullable ConnectError failure) {
        JsonObject end = new JsonObject();
        ConnectError error = failure == null ? error(trailers) : failure;
        if (error != null) {
            end.add("error", error.json());
        }
        JsonObject metadata = metadata(trailers);
        if (!metadata.isEmpty()) {
            end.add("metadata", metadata);
        }
        String json = end.toString();
        ByteBuf envelope =
                Unpooled.buffer(PREFIX + json.length()).writeByte(END).writeInt(0);
        return envelope.setInt(1, ByteBufUtil.writeUtf8(envelope, json));
    }

    /** Returns the error of a request that was no call, in the form of a unary response. */
    static ByteBuf unary(Http2Headers trailers) {
        String json = new ConnectError(Code.UNKNOWN, new NettyHeaders(trailers).message())
                .json()
                .toString();
        return Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable ConnectError error(Http2Headers trailers) {
        NettyHeaders status = new NettyHeaders(trailers);
        Code code = status.code();
        return code == Code.OK
                ? null
                : new ConnectError(code, status.message(), trailers.get(GrpcHeaders.STATUS_DETAILS));
    }

    private static JsonObject metadata(Http2Headers trailers) {
        JsonObject metadata = new JsonObject();
        boolean only = trailers.status() != null;
        for (CharSequence name : trailers.names()) {
            if (name.charAt(0) != ':'
                    && !ConnectDialect.isGrpc(name)
                    && !HttpHeaderNames.CONTENT_TYPE.contentEquals(name)
                    && !(only && ConnectDialect.isOurs(name))) {
                JsonArray values = new JsonArray();
                trailers.getAll(name).forEach(value -> values.add(value.toString()));
                metadata.add(name.toString(), values);
            }
        }
        return metadata;
    }
}
