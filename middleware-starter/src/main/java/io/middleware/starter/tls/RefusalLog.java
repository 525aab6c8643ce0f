package io.middleware.starter.tls;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each reason why callers are refused, and no more than one in ten seconds. */
public final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_REASONS = 100;

    private final LongSupplier clock;
    private final Map<String, Reason> reasons = new HashMap<>();

    private static final class Reason {
        long loggedAt;
        int unlogged;
    }

    public RefusalLog(LongSupplier clock) {
        this.clock = clock;
    }

    /** Logs a refusal where nothing is known of the connection. */
    void refused(Throwable failure) {
        String reason = HandshakeFailure.describe(failure);
        int before = unlogged(reason);
        if (before >= 0) {
            LOG.warn("a caller was refused: {}{}", reason, inWords(before));
        }
    }

    /** Logs a refusal, unless the caller only went away. */
    public void refused(SocketAddress caller, SocketAddress port, Throwable failure) {
        if (HandshakeFailure.isDeparture(failure)) {
            LOG.debug("{} went away before it had shown a certificate", caller);
            return;
        }
        String reason = HandshakeFailure.describe(failure);
        int before = unlogged(host(caller) + ' ' + reason);
        if (before >= 0) {
            LOG.warn(
                    "a caller was refused, {} at port {}: {}{}",
                    host(caller),
                    port instanceof InetSocketAddress at ? at.getPort() : port,
                    reason,
                    inWords(before));
        }
    }

    private static String inWords(int before) {
        return before == 0 ? "" : " (and " + before + " times before, since the last such line)";
    }

    /** Returns how many refusals of this kind had no line; -1 if this one is to have none either. */
    private synchronized int unlogged(String key) {
        long now = clock.getAsLong();
        if (reasons.size() >= MOST_REASONS && !reasons.containsKey(key)) {
            reasons.values().removeIf(old -> now - old.loggedAt >= PAUSE);
            if (reasons.size() >= MOST_REASONS) {
                return -1;
            }
        }
        Reason reason = reasons.get(key);
        if (reason == null) {
            reason = new Reason();
            reasons.put(key, reason);
        } else if (now - reason.loggedAt < PAUSE) {
            reason.unlogged++;
            return -1;
        }
        int before = reason.unlogged;
        reason.loggedAt = now;
        reason.unlogged = 0;
        return before;
    }

    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getHostString() : String.valueOf(address);
    }
}
