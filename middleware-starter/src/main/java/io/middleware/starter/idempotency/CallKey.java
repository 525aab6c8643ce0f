package io.middleware.starter.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Identifies what a call wants done: who asks for which method under which key, and a hash of the request.
 *
 * @param id hash of scope, method and key; equal for all repeats
 */
public record CallKey(byte[] id, String scope, String method, String key, byte[] requestHash) {

    /** Returns the key of a call of {@code method}, a full name, with a request of these bytes. */
    static CallKey of(String scope, String method, String key, byte[] request) {
        // none of the first two can contain the separator
        String id = method + '\n' + key + '\n' + scope;
        return new CallKey(sha256(id.getBytes(StandardCharsets.UTF_8)), scope, method, key, sha256(request));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
