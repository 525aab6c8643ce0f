package io.middleware.gateway.ingress.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

import io.middleware.core.Code;
import reactor.core.publisher.Mono;

/** Reads a request's body whole, decompressed, up to a limit. */
final class Body {
    private static final byte[] NONE = {};

    private final int limit;

    /** {@code limit}: bytes, of the body as it came and as it is decompressed. */
    Body(int limit) {
        this.limit = limit;
    }

    /** {@code lease} grows to what is read. */
    Mono<byte[]> read(ServerHttpRequest request, BodyBudget.Lease lease) {
        String encoding = encoding(request.getHeaders());
        long announced = request.getHeaders().getContentLength();
        if (announced > limit) {
            return Mono.error(tooLarge());
        }
        lease.growTo(announced);
        Mono<byte[]> bytes = DataBufferUtils.join(request.getBody(), limit).map(Body::bytes).defaultIfEmpty(NONE)
                .onErrorMap(DataBufferLimitException.class, tooLarge -> tooLarge());
        // an empty body is not compressed, whatever the header says
        Mono<byte[]> whole = encoding.equals("gzip") ? bytes.map(body -> body.length == 0 ? body : unzip(body)) : bytes;
        return whole.doOnNext(body -> lease.growTo(body.length));
    }

    private static String encoding(HttpHeaders headers) {
        String given = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        String encoding = given == null ? "identity" : given.strip().toLowerCase(Locale.ROOT);
        if (!encoding.equals("identity") && !encoding.equals("gzip")) {
            throw new ConnectError(Code.UNIMPLEMENTED, "Content-Encoding: " + given + " (expected: identity or gzip)").refusal();
        }
        return encoding;
    }

    private byte[] unzip(byte[] compressed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] body = in.readNBytes(limit + 1);
            if (body.length > limit) {
                throw tooLarge();
            }
            return body;
        } catch (IOException e) {
            throw ConnectError.invalidArgument("the body is not gzip, as its Content-Encoding says");
        }
    }

    private Refusal tooLarge() {
        return new ConnectError(Code.RESOURCE_EXHAUSTED,
                "the body is too large (expected: at most " + limit + " bytes)").refusal();
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
