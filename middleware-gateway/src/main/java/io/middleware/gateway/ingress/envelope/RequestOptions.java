package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request's headers ask for.
 *
 * @param encoding    the header that says how messages of the request are compressed
 * @param zipped      whether they may be, by gzip
 * @param takesZipped whether those of the response may be
 * @param timeout     nanoseconds; {@link Long#MAX_VALUE} for none
 */
public record RequestOptions(AsciiString encoding, boolean zipped, boolean takesZipped, long timeout) {
    public static final String GZIP = "gzip";
    public static final String IDENTITY = "identity";

    /**
     * Returns whether the value of an encoding header is gzip.
     *
     * @throws Refusal if it is anything else but identity
     */
    public static boolean isZipped(AsciiString header, @Nullable CharSequence encoding) {
        if (encoding == null || encoding.isEmpty() || AsciiString.contentEqualsIgnoreCase(IDENTITY, encoding)) {
            return false;
        }
        if (!AsciiString.contentEqualsIgnoreCase(GZIP, encoding)) {
            throw new ConnectError(Code.UNIMPLEMENTED, header + ": " + encoding + " (expected: identity or gzip)")
                    .refusal();
        }
        return true;
    }

    /** Returns whether values of an accepting header list gzip. */
    public static boolean takesZipped(List<CharSequence> encodings) {
        for (CharSequence some : encodings) {
            for (String one : some.toString().toLowerCase(Locale.ROOT).split(",")) {
                if (one.strip().equals(GZIP)) {
                    return true;
                }
            }
        }
        return false;
    }
}
