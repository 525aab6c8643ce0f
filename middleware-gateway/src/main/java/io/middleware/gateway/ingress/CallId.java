package io.middleware.gateway.ingress;

import io.middleware.gateway.headers.MetadataRules;
import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes ids for calls, so that one call can be followed through the logs of all programs that handle it. */
public final class CallId {
    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private CallId() {}

    /** Returns the caller's id, or a new one if there is none or gRPC metadata cannot hold it. */
    public static CharSequence orNext(@Nullable String given) {
        return given == null || given.isBlank() || !MetadataRules.isPrintable(given) ? next() : given;
    }

    /** Returns 16 random hexadecimal digits: unique enough to distinguish calls, but not secret. */
    public static AsciiString next() {
        long random = ThreadLocalRandom.current().nextLong();
        byte[] digits = new byte[16];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = HEX[(int) (random >>> 4 * i) & 15];
        }
        return new AsciiString(digits, false);
    }
}
