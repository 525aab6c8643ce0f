package io.middleware.gateway.ingress.http;

import io.middleware.gateway.schema.MessageFrames;
import io.netty.buffer.ByteBuf;

/** Connect's unary call with serialized messages, which pass as they are. */
record ProtoTranslation(String path) implements Translation {
    static final String CONTENT_TYPE = "application/proto";

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
        return new HttpResult(200, CONTENT_TYPE, reply);
    }
}
