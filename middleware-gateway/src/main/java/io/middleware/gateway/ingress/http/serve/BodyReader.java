package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.Gunzip;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Reads and decompresses the whole body of a request, up to a limit. */
final class BodyReader {
    private static final byte[] NONE = {};

    private final int limit;
    private final Gunzip gzip;

    /** {@code limit}: the most bytes of the body, before and after decompression. */
    BodyReader(int limit, JsonWorkers workers) {
        this.limit = limit;
        this.gzip = new Gunzip(
                workers,
                limit,
                tooLarge(),
                new ConnectError(Code.INVALID_ARGUMENT, "the content is not gzip, as the request says"));
    }

    /** Returns, read when subscribed to, what is translated: the body, or what the target of the request gives instead. */
    Mono<byte[]> content(HttpServerRequest request, boolean hasBody, Translation translation, CallContext context) {
        if (translation.takesBody()) {
            return read(request, context);
        }
        Mono<byte[]> none = hasBody ? refuse(request, translation) : Mono.just(NONE);
        Translation.Content given = translation.content();
        return given == null
                ? none
                : none.flatMap(nothing -> given.gzip() ? gzip.unzip(given.bytes(), context) : Mono.just(given.bytes()));
    }

    /** Reads the body; the lease grows to its announced length, and with what is read. */
    private Mono<byte[]> read(HttpServerRequest request, CallContext context) {
        String encoding = encoding(request.requestHeaders());
        long announced = announced(request);
        if (announced > limit) {
            return Mono.error(tooLarge().refusal());
        }
        Mono<byte[]> bytes = Mono.defer(() -> {
            context.lease().growTo(announced);
            return request.receive()
                    .collect(() -> new Gathered((int) announced, context.lease()), Gathered::add)
                    .map(Gathered::whole);
        });
        return encoding.equals("gzip") ? bytes.flatMap(compressed -> gzip.unzip(compressed, context)) : bytes;
    }

    /** Refuses a compressed body, where each line is sent as it comes. */
    void refuseEncoded(HttpServerRequest request) {
        if (!encoding(request.requestHeaders()).equals("identity")) {
            throw new ConnectError(Code.UNIMPLEMENTED, "Content-Encoding: gzip (expected: none, for lines of JSON)")
                    .refusal();
        }
    }

    /** Returns an empty body, or a refusal if there is one, which would otherwise be ignored silently. */
    private Mono<byte[]> refuse(HttpServerRequest request, Translation translation) {
        return request.receive().any(ByteBuf::isReadable).map(some -> {
            if (some) {
                throw ConnectError.invalidArgument(
                        "there is a body, but " + translation + " takes none (expected: query parameters)");
            }
            return NONE;
        });
    }

    /** Returns the length; Netty has refused a value that is not a number. */
    private static long announced(HttpServerRequest request) {
        String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private static String encoding(HttpHeaders headers) {
        String given = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        String encoding = given == null ? "identity" : given.strip().toLowerCase(Locale.ROOT);
        if (!encoding.equals("identity") && !encoding.equals("gzip")) {
            ConnectError error = new ConnectError(
                    Code.UNIMPLEMENTED, "Content-Encoding: " + given + " (expected: identity or gzip)");
            HttpResult usual = error.answer();
            throw new Refusal(error.answer(usual.status(), Map.of("Accept-Encoding", "gzip, identity")));
        }
        return encoding;
    }

    private ConnectError tooLarge() {
        return new ConnectError(
                Code.RESOURCE_EXHAUSTED, "the body is too large (expected: at most " + limit + " bytes)");
    }

    /** The part of a body that has arrived. */
    private final class Gathered {
        private final BodyBudget.Lease lease;
        private byte[] bytes;
        private int size;

        Gathered(int announced, BodyBudget.Lease lease) {
            this.lease = lease;
            this.bytes = announced == 0 ? NONE : new byte[announced];
        }

        void add(ByteBuf piece) {
            int more = piece.readableBytes();
            grow(more);
            piece.readBytes(bytes, size - more, more);
        }

        /** Makes room for {@code more} bytes, which are then the last before {@link #size}. */
        private void grow(int more) {
            if (more > limit - size) {
                throw tooLarge().refusal();
            }
            lease.growTo(size + more);
            size += more;
            if (size > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(size, 2L * bytes.length)));
            }
        }

        byte[] whole() {
            return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        }
    }
}
