package io.middleware.gateway.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** The signatures that are taken: of key pairs only, as a shared secret could be a public key that was taken for one. */
record Algorithms(Set<JWSAlgorithm> allowed) {
    private static final Set<JWSAlgorithm> POSSIBLE = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.EdDSA);

    /** @throws IllegalArgumentException if a name is none of them; the message says what was expected */
    static Algorithms of(Collection<String> names) {
        Set<JWSAlgorithm> allowed = names.stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet());
        if (allowed.isEmpty() || !POSSIBLE.containsAll(allowed)) {
            throw new IllegalArgumentException("jwt.algorithms: " + String.join(",", names) + " (expected: some of "
                    + POSSIBLE.stream().map(JWSAlgorithm::getName).sorted().collect(Collectors.joining(", ")) + ")");
        }
        return new Algorithms(allowed);
    }
}
