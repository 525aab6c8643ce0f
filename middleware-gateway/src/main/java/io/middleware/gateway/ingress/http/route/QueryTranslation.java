package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.netty.buffer.ByteBuf;

/** A call of Connect's whose message is in the query of a {@code GET}; otherwise like one of the same form by POST. */
record QueryTranslation(Translation form, Content content) implements Translation {
    @Override
    public String path() {
        return form.path();
    }

    @Override
    public boolean takesBody() {
        return false;
    }

    @Override
    public boolean passes() {
        return form.passes();
    }

    @Override
    public ByteBuf message(byte[] message) {
        return form.message(message);
    }

    @Override
    public long weight(byte[] message) {
        return form.weight(message);
    }

    @Override
    public long replyWeight(byte[] reply) {
        return form.replyWeight(reply);
    }

    @Override
    public HttpResult answer(byte[] reply) {
        return form.answer(reply);
    }

    @Override
    public String toString() {
        return "GET " + path();
    }
}
