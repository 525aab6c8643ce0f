package io.middleware.gateway.tap;

import io.middleware.gateway.ingress.http.result.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Writes lines as they come, each batch at once. */
record TapStream(String contentType, Flux<byte[]> batches) implements HttpReply {
    @Override
    public Mono<Void> writeTo(HttpServerResponse response, boolean head) {
        response.status(200)
                .responseHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff");
        if (head) {
            return response.send();
        }
        Flux<ByteBuf> written = batches.map(Unpooled::wrappedBuffer);
        return response.send(written, each -> true).then();
    }
}
