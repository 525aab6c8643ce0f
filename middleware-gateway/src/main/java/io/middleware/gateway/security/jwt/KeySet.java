package io.middleware.gateway.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys that an issuer published at one time (RFC 7517). Immutable. */
final class KeySet {
    private static final int MOST = 1000;

    private final List<VerificationKey> keys;
    private final Set<String> thumbprints;

    private KeySet(List<VerificationKey> keys) {
        this.keys = keys;
        this.thumbprints = keys.stream().map(VerificationKey::thumbprint).collect(Collectors.toUnmodifiableSet());
    }

    /** @throws IllegalArgumentException if it is no set of keys, or has none that can be used; the message says so */
    static KeySet parse(String json) {
        try {
            List<VerificationKey> keys = JWKSet.parse(json).getKeys().stream()
                    .limit(MOST)
                    .map(VerificationKey::of)
                    .filter(Objects::nonNull)
                    .toList();
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("no key for signatures (expected: RSA of 2048 bits, EC or Ed25519)");
            }
            return new KeySet(keys);
        } catch (ParseException | RuntimeException unreadable) {
            throw unreadable instanceof IllegalArgumentException expected
                    ? expected
                    : new IllegalArgumentException("no JSON Web Key Set");
        }
    }

    /** Returns the keys that may have signed: those with the id that a token names, or all if it names none. */
    List<VerificationKey> candidates(@Nullable String id, JWSAlgorithm algorithm) {
        return keys.stream()
                .filter(key -> (id == null || id.equals(key.id())) && key.fits(algorithm))
                .toList();
    }

    /** Returns whether a key has this id. */
    boolean knows(@Nullable String id) {
        return id == null || keys.stream().anyMatch(key -> id.equals(key.id()));
    }

    /** Returns whether a key is still there. */
    boolean has(VerificationKey key) {
        return thumbprints.contains(key.thumbprint());
    }

    int size() {
        return keys.size();
    }
}
