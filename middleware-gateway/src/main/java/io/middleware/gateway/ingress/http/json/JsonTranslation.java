package io.middleware.gateway.ingress.http.json;

import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.protojson.JsonText;
import io.netty.buffer.ByteBuf;

/** A call by the method's path with JSON: the body is a message, or a message per line. */
public record JsonTranslation(String path, Transcoder transcoder, Streaming streaming) implements Translation {
    /** A unary call. */
    public JsonTranslation(String path, Transcoder transcoder) {
        this(path, transcoder, Streaming.NONE);
    }

    @Override
    public boolean takesBody() {
        return true;
    }

    @Override
    public ByteBuf message(byte[] body) {
        if (body.length == 0) {
            throw ConnectError.invalidArgument("the body is empty (expected: a JSON object, {} at least)");
        }
        return transcoder.toMessage(JsonText.utf8(body));
    }

    @Override
    public long weight(byte[] body) {
        return transcoder.weight(body);
    }

    @Override
    public long replyWeight(byte[] reply) {
        return transcoder.replyWeight(reply);
    }

    @Override
    public HttpResult answer(byte[] reply) {
        return new HttpResult(200, ContentTypes.JSON, transcoder.toJson(reply, false));
    }
}
