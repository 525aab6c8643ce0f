package io.middleware.starter.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Out of service when a certificate in use has expired; warns in the last tenth of its life. */
public final class CertificatesHealthIndicator extends AbstractHealthIndicator {
    private static final int WARNING_SHARE = 10;

    private final CertificateBook book;
    private final InstantSource clock;

    public CertificatesHealthIndicator(CertificateBook book, InstantSource clock) {
        this.book = book;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (KeptCertificates kept : book.all()) {
            Map<String, Object> details = details(kept, clock.instant());
            if (details.containsKey("expired")) {
                health.outOfService();
            }
            health.withDetail(kept.name(), details);
        }
    }

    private static Map<String, Object> details(KeptCertificates kept, Instant now) {
        X509Certificate own = kept.current().chain().getFirst();
        Instant from = own.getNotBefore().toInstant();
        Instant until = own.getNotAfter().toInstant();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("names", PeerNames.of(own));
        details.put("validUntil", until.toString());
        Duration left = Duration.between(now, until);
        if (left.isNegative()) {
            details.put("expired", left.negated().toMinutes() + " min ago");
        } else if (left.compareTo(Duration.between(from, until).dividedBy(WARNING_SHARE)) < 0) {
            details.put("warning", "expires in " + left.toMinutes() + " min (expected: renewed by now)");
        }
        if (kept.problem() != null) {
            details.put("newFilesNotUsed", kept.problem());
        }
        return details;
    }
}
