package io.middleware.gateway.ingress.http.json;

import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.schema.MessageFrames;
import io.netty.buffer.ByteBuf;

/** A unary call of Connect's with serialized messages, which pass unchanged. */
public record ProtoTranslation(String path) implements Translation {
    @Override
    public boolean takesBody() {
        return true;
    }

    @Override
    public boolean passes() {
        return true;
    }

    @Override
    public ByteBuf message(byte[] body) {
        return MessageFrames.frame(body);
    }

    @Override
    public HttpResult answer(byte[] reply) {
        return new HttpResult(200, ContentTypes.PROTO, reply);
    }
}
