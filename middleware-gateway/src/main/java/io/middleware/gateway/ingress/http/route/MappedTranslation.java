package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.ingress.http.json.Streaming;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call by a {@code google.api.http} mapping.
 *
 * @param variables by field path
 * @param query     as it came, without the system parameters
 * @param type      the request's content type; null if there is none
 */
record MappedTranslation(
        HttpMapping mapping,
        Map<String, String> variables,
        SystemParameters query,
        @Nullable String type,
        Streaming streaming)
        implements Translation {

    @Override
    public String path() {
        return mapping.method().path();
    }

    @Override
    public boolean takesBody() {
        return mapping.messages().takesBody();
    }

    @Override
    public boolean isRawReply() {
        return mapping.messages().givesRawBody();
    }

    @Override
    public ByteBuf message(byte[] body) {
        return mapping.messages().message(variables, query.fields(), type, body);
    }

    @Override
    public long weight(byte[] body) {
        return mapping.transcoder().weight(body);
    }

    @Override
    public long replyWeight(byte[] reply) {
        return mapping.transcoder().replyWeight(reply);
    }

    @Override
    public HttpResult answer(byte[] reply) {
        return mapping.messages().answer(reply, query);
    }

    @Override
    public String toString() {
        return mapping.toString();
    }
}
