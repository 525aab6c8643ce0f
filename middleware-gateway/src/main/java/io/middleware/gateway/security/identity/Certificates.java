package io.middleware.gateway.security.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.middleware.gateway.headers.Percent;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads callers' certificates, which Nginx has verified and passes on as percent-encoded PEM. */
public final class Certificates {
    private static final int LONGEST = 16 << 10;
    private static final int MOST_KEPT = 10_000;
    private static final Integer DNS = 2;
    private static final Integer URI = 6;

    private final Set<String> forwarders;
    private final InstantSource clock;
    private final Cache<String, Read> read =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    /** {@code until}: in milliseconds. */
    private record Read(Verdict verdict, long until) {}

    /** {@code forwarders}: names of connections that pass on certificates of others. */
    public Certificates(Collection<String> forwarders, InstantSource clock) {
        this.forwarders = Set.copyOf(forwarders);
        this.clock = clock;
    }

    /**
     * Returns who calls by a connection.
     *
     * @param peer      what the connection proved
     * @param forwarded the headers with certificates
     * @return null if a forwarder says nothing of a certificate
     */
    @Nullable
    Verdict of(String peer, List<? extends CharSequence> forwarded) {
        if (!forwarders.contains(peer)) {
            return new Verdict.Known("mtls:" + peer);
        }
        if (forwarded.isEmpty() || forwarded.size() == 1 && forwarded.getFirst().isEmpty()) {
            return null;
        }
        return forwarded.size() == 1 ? verify(forwarded.getFirst().toString()) : refused("it comes twice");
    }

    private Verdict verify(String escaped) {
        if (escaped.length() > LONGEST) {
            return refused("it is longer than " + LONGEST + " characters");
        }
        Read known = read.getIfPresent(escaped);
        if (known == null) {
            known = read(escaped);
            read.put(escaped, known);
        }
        return clock.millis() <= known.until ? known.verdict : refused("it has expired");
    }

    private static Read read(String escaped) {
        try {
            byte[] pem = Percent.decode(escaped, false, false).getBytes(StandardCharsets.US_ASCII);
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
            String name = name(certificate.getSubjectAlternativeNames());
            return name == null
                    ? new Read(refused("it has no URI or DNS name"), Long.MAX_VALUE)
                    : new Read(
                            new Verdict.Known("mtls:" + name),
                            certificate.getNotAfter().toInstant().toEpochMilli());
        } catch (CertificateException | IllegalArgumentException | ClassCastException unreadable) {
            return new Read(refused("it cannot be read"), Long.MAX_VALUE);
        }
    }

    private static @Nullable String name(@Nullable Collection<List<?>> names) {
        for (Integer kind : List.of(URI, DNS)) {
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (kind.equals(name.getFirst())
                        && Identities.isPlain(name.get(1).toString())) {
                    return name.get(1).toString();
                }
            }
        }
        return null;
    }

    private static Verdict refused(String wrong) {
        return Challenge.any("the certificate is refused: " + wrong, Set.of(Challenge.Kind.CERTIFICATE));
    }
}
