package io.middleware.gateway.ingress.http;

import java.nio.ByteBuffer;
import java.util.Map;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What goes back over HTTP, but for the headers of the call.
 *
 * @param headers besides the content's own
 */
record HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

    private static final int PIECE = 16 << 10;

    HttpAnswer(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }

    Mono<Void> writeTo(ServerHttpResponse response) {
        response.setStatusCode(HttpStatusCode.valueOf(status));
        HttpHeaders to = response.getHeaders();
        to.set(HttpHeaders.CONTENT_TYPE, contentType);
        to.setContentLength(body.length);
        headers.forEach(to::set);
        return response.writeWith(pieces(response.bufferFactory()));
    }

    /**
     * A large body goes piece by piece as its caller takes it: as a whole it would be copied out of the heap at once, and be said
     * to be sent when it had only begun.
     */
    private Publisher<DataBuffer> pieces(DataBufferFactory buffers) {
        return body.length <= PIECE ? Mono.fromSupplier(() -> buffers.wrap(body))
                : Flux.range(0, Math.ceilDiv(body.length, PIECE)).map(i ->
                        buffers.wrap(ByteBuffer.wrap(body, i * PIECE, Math.min(PIECE, body.length - i * PIECE))));
    }
}
