package io.middleware.gateway.dashboard.live;

import io.middleware.gateway.ingress.http.result.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Writes server-sent events as they come. */
public record EventStream(Flux<byte[]> events) implements HttpReply {
    @Override
    public Mono<Void> writeTo(HttpServerResponse response, boolean head) {
        response.status(200)
                .responseHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-accel-buffering", "no");
        if (head) {
            return response.send();
        }
        Flux<ByteBuf> written = events.map(Unpooled::wrappedBuffer);
        return response.send(written, each -> true).then();
    }
}
