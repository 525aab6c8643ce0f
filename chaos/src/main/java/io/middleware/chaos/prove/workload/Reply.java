package io.middleware.chaos.prove.workload;

import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How one request ended.
 *
 * @param code     {@code OK}, or the error's
 * @param message  the error's; may be empty
 * @param attempts how many attempts the gateway reports; 0 when it reports none
 * @param instance the instance that responded; like the gateway, empty when the response names none
 * @param replayed whether the response is marked as that of an earlier execution
 * @param hash     of the response; empty for errors
 */
record Reply(
        Status.Code code,
        String message,
        int attempts,
        String instance,
        String gateway,
        boolean replayed,
        String hash) {

    private static final int HASH_LENGTH = 16;

    /** Returns that no response came, or none of a gateway. */
    static Reply none(Status.Code code, String message) {
        return new Reply(code, message, 0, "", "", false, "");
    }

    static int attempts(String header) {
        return header.matches("\\d{1,4}") ? Integer.parseInt(header) : 0;
    }

    static String hash(byte[] response) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(response);
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    static String hash(String response) {
        return hash(response.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns code and message for a person. */
    String inWords() {
        return message.isEmpty() ? code.name() : code + ": " + message.replaceAll("\\p{Cntrl}+", " ");
    }
}
