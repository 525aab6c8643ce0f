package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.concurrent.TimeUnit;

/** The headers of the Connect protocol that say how a call is to be made. */
final class ConnectHeaders {
    static final String VERSION = "connect-protocol-version";
    static final String TIMEOUT = "connect-timeout-ms";

    private ConnectHeaders() {}

    /** Null stands for a header that is not there, which the protocol allows. */
    static void checkVersion(String version) {
        if (version != null && !version.equals("1")) {
            throw ConnectError.invalidArgument("Connect-Protocol-Version: " + version + " (expected: 1)");
        }
    }

    /** In nanoseconds; {@link Long#MAX_VALUE} where there is none. */
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
