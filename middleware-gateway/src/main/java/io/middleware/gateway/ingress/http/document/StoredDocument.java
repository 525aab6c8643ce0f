package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.AcceptEncoding;
import io.middleware.gateway.ingress.http.result.FastGzip;
import io.middleware.gateway.ingress.http.result.HttpResult;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document as it is sent.
 *
 * @param zipped  compressed with gzip
 * @param headers of each response
 */
record StoredDocument(String contentType, byte[] plain, byte[] zipped, Map<String, String> headers) {
    private static final String ETAG = "ETag";
    private static final int TAG_BYTES = 12;

    /** {@code more}: further headers. */
    static StoredDocument of(String contentType, byte[] plain, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        byte[] zipped = FastGzip.zip(plain);
        headers.put(ETAG, tag(zipped));
        headers.put("Cache-Control", "no-cache");
        headers.put("Vary", "Accept-Encoding");
        headers.put("X-Content-Type-Options", "nosniff");
        return new StoredDocument(contentType, plain, zipped, Map.copyOf(headers));
    }

    /** Returns the bytes of heap that it takes, about. */
    int weight() {
        return plain.length + zipped.length;
    }

    /**
     * Returns the response to a request with these headers, which are null if missing: the document, or that the one
     * that the caller has is still valid.
     */
    HttpResult answer(@Nullable String ifNoneMatch, @Nullable String acceptEncoding) {
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
