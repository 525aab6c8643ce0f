package io.middleware.testsupport;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/** A certificate authority that lives as long as a test. */
public final class TestAuthority {
    private final X509Bundle own;

    public TestAuthority(String name) {
        try {
            own = new CertificateBuilder()
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .ecp256()
                    .buildSelfSigned();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Issues a certificate that is valid now, for clients and servers. {@code names}: URIs, or names in DNS. */
    public X509Bundle issue(String... names) {
        Instant now = Instant.now();
        return issue(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)), names);
    }

    public X509Bundle issue(Instant from, Instant until, String... names) {
        CertificateBuilder builder = new CertificateBuilder()
                .subject("CN=leaf")
                .ecp256()
                .notBefore(from)
                .notAfter(until)
                .addExtendedKeyUsageClientAuth()
                .addExtendedKeyUsageServerAuth();
        for (String name : names) {
            if (name.contains(":")) {
                builder.addSanUriName(URI.create(name));
            } else {
                builder.addSanDnsName(name);
            }
        }
        try {
            return builder.buildIssuedBy(own);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns a certificate that expired a minute ago. */
    public X509Bundle issueExpired(String... names) {
        Instant now = Instant.now();
        return issue(now.minus(Duration.ofHours(1)), now.minus(Duration.ofMinutes(1)), names);
    }

    /** Returns the authority's own certificate, to be trusted. */
    public String pem() {
        return own.getCertificatePEM();
    }
}
