package io.middleware.starter.tls;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Describes why a handshake failed: what came, and what was expected. */
public final class HandshakeFailure {
    private static final Pattern ALERT = Pattern.compile("(?:fatal alert: |_ALERT_)(\\w+)", Pattern.CASE_INSENSITIVE);

    private HandshakeFailure() {}

    /** Returns the reason, as what the peer has or did. */
    public static String describe(Throwable failure) {
        String last = "the TLS handshake failed";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedPeerException refused && refused.getMessage() != null) {
                return refused.getMessage();
            }
            if (cause.getClass().getSimpleName().equals("NotSslRecordException")) {
                return "it does not speak TLS (expected: TLS 1.2 or 1.3)";
            }
            String message = cause.getMessage() == null ? "" : cause.getMessage();
            String lower = message.toLowerCase(Locale.ROOT);
            if (lower.contains("empty client certificate chain") || lower.contains("not_return_a_certificate")) {
                return "it has no certificate (expected: one from an authority that is trusted here)";
            }
            Matcher alert = ALERT.matcher(message);
            if (alert.find()) {
                return "it refused the certificate that it got: "
                        + alert.group(1).toLowerCase(Locale.ROOT);
            }
            if (!message.isEmpty()) {
                last = "the TLS handshake failed: " + message;
            }
        }
        return last;
    }

    /** Returns whether TLS is what failed. */
    public static boolean isOne(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof RefusedPeerException) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the peer only went away, as a check of an open port does. */
    public static boolean isDeparture(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedChannelException
                    || cause instanceof java.io.EOFException
                    || (cause.getMessage() != null && cause.getMessage().contains("Connection closed while SSL/TLS"))) {
                return true;
            }
        }
        return false;
    }
}
