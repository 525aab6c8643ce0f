package io.middleware.gateway.ingress.http;

import java.util.concurrent.TimeUnit;

/** The headers of the Connect protocol that say how a call is to be made. */
final class ConnectHeaders {
    static final String VERSION = "connect-protocol-version";
    static final String TIMEOUT = "connect-timeout-ms";

    private ConnectHeaders() {
    }

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
        if (millis.isEmpty() || millis.length() > 10 || !millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw ConnectError.invalidArgument("Connect-Timeout-Ms: " + millis + " (expected: milliseconds, at most 10 digits)");
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }
}
