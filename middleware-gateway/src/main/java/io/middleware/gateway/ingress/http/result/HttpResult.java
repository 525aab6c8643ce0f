package io.middleware.gateway.ingress.http.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The response to an HTTP request, without the headers that the call adds.
 *
 * @param headers further headers
 * @param error   the error, from which it can be put into another form; null if there is none
 */
public record HttpResult(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        @Nullable ConnectError error) implements HttpReply {

    private static final int PIECE = 16 << 10;

    public HttpResult(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of(), null);
    }

    /** Returns the response to OPTIONS: the verbs that a path takes. */
    public static HttpResult allowing(Collection<String> verbs) {
        JsonArray allowed = new JsonArray();
        verbs.forEach(allowed::add);
        JsonObject body = new JsonObject();
        body.add("allow", allowed);
        return new HttpResult(
                200,
                ContentTypes.JSON,
                body.toString().getBytes(StandardCharsets.UTF_8),
                Map.of("Allow", String.join(", ", verbs)),
                null);
    }

    @Override
    public Mono<Void> writeTo(HttpServerResponse response, boolean head) {
        HttpHeaders to = response.status(status).responseHeaders();
        to.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        to.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        headers.forEach((name, value) -> {
            if (HttpHeaderNames.VARY.contentEqualsIgnoreCase(name)) {
                to.add(name, value); // others add what the response varies by, too
            } else {
                to.set(name, value);
            }
        });
        if (head) {
            return response.send();
        }
        return body.length <= PIECE
                ? response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                        .then()
                : response.send(pieces()).then();
    }

    /**
     * Writes a large body piece by piece as its caller reads it. Written at once, it would be copied out of the heap as
     * a whole, and would count as sent when it had only begun.
     */
    private Flux<ByteBuf> pieces() {
        return Flux.range(0, Math.ceilDiv(body.length, PIECE))
                .map(i -> Unpooled.wrappedBuffer(body, i * PIECE, Math.min(PIECE, body.length - i * PIECE)));
    }
}
