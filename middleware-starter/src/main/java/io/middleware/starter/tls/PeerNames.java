package io.middleware.starter.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The names that a peer's certificate may have: exact ones, or prefixes that end with {@code /*}.
 *
 * @param expected URIs such as {@code spiffe://middleware/gateway}, or names in DNS
 */
public record PeerNames(List<String> expected) {
    private static final int DNS = 2;
    private static final int URI = 6;

    public PeerNames {
        expected = expected.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (expected.isEmpty()) {
            throw new IllegalArgumentException(
                    "names: none (expected: at least one, such as spiffe://middleware/gateway)");
        }
    }

    /** Returns the names of a certificate: its subject alternative names of the kinds URI and DNS. */
    public static List<String> of(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Objects.equals(name.get(0), DNS) || Objects.equals(name.get(0), URI))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    /** Returns the first name of a certificate that is expected. */
    public Optional<String> match(X509Certificate certificate) {
        return of(certificate).stream().filter(this::isExpected).findFirst();
    }

    private boolean isExpected(String name) {
        for (String one : expected) {
            if (one.endsWith("/*") ? isBelow(one.substring(0, one.length() - 1), name) : one.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String prefix, String name) {
        return name.length() > prefix.length() && name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    @Override
    public String toString() {
        return String.join(" or ", expected);
    }
}
