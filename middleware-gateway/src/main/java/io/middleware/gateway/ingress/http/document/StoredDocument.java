package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.AcceptEncoding;
import io.middleware.gateway.ingress.http.result.FastGzip;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.transport.EventLoops;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A document as it is sent.
 *
 * @param zipped  compressed with gzip
 * @param headers of each response
 */
public record StoredDocument(String contentType, byte[] plain, byte[] zipped, Map<String, String> headers) {
    private static final String ETAG = "ETag";
    private static final int TAG_BYTES = 12;

    /** {@code more}: further headers. */
    public static StoredDocument of(String contentType, byte[] plain, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        byte[] zipped = FastGzip.zip(plain);
        headers.put(ETAG, tag(zipped));
        headers.put("Cache-Control", "no-cache");
        headers.put("Vary", "Accept-Encoding");
        headers.put("X-Content-Type-Options", "nosniff");
        return new StoredDocument(contentType, plain, zipped, Map.copyOf(headers));
    }

    /** Sends a document once it is made. A caller that leaves ends nothing, as others may wait for it too. */
    static Mono<HttpResult> send(ParsedRequest request, CompletableFuture<StoredDocument> document, EventLoops loops) {
        String ifNoneMatch = request.headers().get(HttpHeaderNames.IF_NONE_MATCH);
        String acceptEncoding = request.headers().get(HttpHeaderNames.ACCEPT_ENCODING);
        Mono<StoredDocument> made = document.isDone()
                ? Mono.fromFuture(document, true)
                : Mono.fromFuture(document, true).publishOn(Schedulers.fromExecutor(loops.current()));
        return made.map(done -> done.answer(ifNoneMatch, acceptEncoding));
    }

    /** Returns the bytes of heap that it takes, about. */
    int weight() {
        return plain.length + zipped.length;
    }

    /**
     * Returns the response to a request with these headers, which are null if missing: the document, or that the one
     * that the caller has is still valid.
     */
    public HttpResult answer(@Nullable String ifNoneMatch, @Nullable String acceptEncoding) {
        if (ifNoneMatch != null && matches(ifNoneMatch)) {
            return new HttpResult(304, contentType, new byte[0], headers, null);
        }
        if (acceptEncoding == null || !AcceptEncoding.takesGzip(List.of(acceptEncoding))) {
            return new HttpResult(200, contentType, plain, headers, null);
        }
        Map<String, String> encoded = new HashMap<>(headers);
        encoded.put("Content-Encoding", "gzip");
        return new HttpResult(200, contentType, zipped, encoded, null);
    }

    private boolean matches(String ifNoneMatch) {
        return Arrays.stream(ifNoneMatch.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(headers.get(ETAG)));
    }

    /** Returns a weak tag, as the document is compressed or not. The hash of a few bytes takes less time. */
    private static String tag(byte[] zipped) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(zipped);
            return "W/\"" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, TAG_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
