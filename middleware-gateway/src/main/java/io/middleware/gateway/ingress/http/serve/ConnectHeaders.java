package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads the headers of the Connect protocol. */
final class ConnectHeaders {
    static final String VERSION = "connect-protocol-version";
    static final String TIMEOUT = "connect-timeout-ms";

    private static final List<String> STREAM_TYPES =
            List.of(ContentTypes.CONNECT_STREAM + "json", ContentTypes.CONNECT_STREAM + "proto");

    private ConnectHeaders() {}

    /** Refuses another version than 1; a missing header (null) is allowed. */
    static void checkVersion(String version) {
        if (version != null && !version.equals("1")) {
            throw ConnectError.invalidArgument("Connect-Protocol-Version: " + version + " (expected: 1)");
        }
    }

    /**
     * Refuses a streaming method to a caller that speaks Connect's protocol for unary calls, as that prescribes.
     *
     * @param version null for other callers
     */
    static void checkUnary(String version, Translation translation) {
        if (version != null && !translation.streaming().isUnary()) {
            throw new Refusal(Problem.wrongContentType(
                    translation.path(), "of Connect's unary calls to a streaming method", STREAM_TYPES));
        }
    }

    /** Returns nanoseconds; {@link Long#MAX_VALUE} if the header is missing. */
    static long timeout(String millis) {
        if (millis == null) {
            return Long.MAX_VALUE;
        }
        if (millis.isEmpty() || millis.length() > 10 || !isDecimal(millis)) {
            throw ConnectError.invalidArgument(
                    "Connect-Timeout-Ms: " + millis + " (expected: milliseconds, at most 10 digits)");
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
