package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.HttpResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
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
        byte[] zipped = zip(plain);
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
        if (!takesGzip(acceptEncoding)) {
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

    private static boolean takesGzip(@Nullable String acceptEncoding) {
        return acceptEncoding != null
                && Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(part -> part.replace(" ", ""))
                        .anyMatch(part ->
                                part.equals("gzip") || part.startsWith("gzip;q=") && !part.matches("gzip;q=0(\\.0*)?"));
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

    private static byte[] zip(byte[] plain) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(plain.length / 8 + 64);
        try (GZIPOutputStream out = new FastGzip(zipped)) {
            out.write(plain);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return zipped.toByteArray();
    }

    /** The fastest level takes a third of the time, for a third more bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8 << 10);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
