package io.middleware.gateway.ingress.http.json;

import io.middleware.gateway.ingress.http.result.FastGzip;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A translation whose responses are compressed where that is worth it.
 *
 * @param accepted whether the caller takes gzip
 */
public record GzipTranslation(Translation form, boolean accepted) implements Translation {
    /** Bytes of the smallest body that is compressed: a smaller one fits into one packet anyway. */
    static final int LEAST = 1 << 10;

    @Override
    public String path() {
        return form.path();
    }

    @Override
    public boolean takesBody() {
        return form.takesBody();
    }

    @Override
    public @Nullable Content content() {
        return form.content();
    }

    @Override
    public Streaming streaming() {
        return form.streaming();
    }

    @Override
    public boolean isRawReply() {
        return form.isRawReply();
    }

    @Override
    public boolean passes() {
        return form.passes();
    }

    @Override
    public boolean passesReply() {
        return form.passesReply() && !accepted;
    }

    @Override
    public ByteBuf message(byte[] body) {
        return form.message(body);
    }

    @Override
    public long weight(byte[] body) {
        return form.weight(body);
    }

    @Override
    public long replyWeight(byte[] reply) {
        return form.replyWeight(reply);
    }

    @Override
    public HttpResult answer(byte[] reply) {
        HttpResult plain = form.answer(reply);
        if (plain.body().length < LEAST || !isCompressible(plain.contentType())) {
            return plain;
        }
        Map<String, String> headers = new HashMap<>(plain.headers());
        headers.put("Vary", "Accept-Encoding");
        byte[] body = accepted ? FastGzip.zip(plain.body()) : plain.body();
        if (body.length < plain.body().length) {
            headers.put("Content-Encoding", "gzip");
        } else {
            body = plain.body();
        }
        return new HttpResult(plain.status(), plain.contentType(), body, headers, plain.error());
    }

    /** Returns whether a type is text or serialized messages, and not compressed by itself as images are. */
    private static boolean isCompressible(String contentType) {
        return contentType.startsWith("text/")
                || contentType.startsWith("application/json")
                || contentType.startsWith("application/proto")
                || contentType.contains("+json")
                || contentType.contains("xml")
                || contentType.contains("javascript");
    }

    @Override
    public String toString() {
        return form.toString();
    }
}
