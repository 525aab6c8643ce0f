package io.middleware.gateway.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A public key of the issuer.
 *
 * @param id         null if it has none
 * @param algorithm  the only one that it is for; null for all of its kind
 * @param thumbprint of what the key is, whatever its id
 */
record VerificationKey(@Nullable String id, @Nullable JWSAlgorithm algorithm, String thumbprint, JWSVerifier verifier) {
    private static final int LEAST_RSA_BITS = 2048;

    /** Returns a key; null if it is not one for signatures of the kinds that are taken. */
    static @Nullable VerificationKey of(JWK jwk) {
        return of(jwk, NativeSignatures.PROVIDER);
    }

    /** {@code curves}: verifies by elliptic curves; null for the JDK. */
    static @Nullable VerificationKey of(JWK jwk, @Nullable Provider curves) {
        try {
            JWSVerifier verifier =
                    jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse()) ? verifier(jwk, curves) : null;
            JWSAlgorithm only = jwk.getAlgorithm() == null
                    ? null
                    : JWSAlgorithm.parse(jwk.getAlgorithm().getName());
            return verifier == null
                    ? null
                    : new VerificationKey(
                            jwk.getKeyID(), only, jwk.computeThumbprint().toString(), verifier);
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static @Nullable JWSVerifier verifier(JWK jwk, @Nullable Provider curves)
            throws JOSEException, GeneralSecurityException {
        return switch (jwk) {
            case RSAKey rsa when rsa.size() >= LEAST_RSA_BITS -> new RSASSAVerifier(rsa.toRSAPublicKey());
            case ECKey ec when !Curve.SECP256K1.equals(ec.getCurve()) -> ecdsa(ec.toECPublicKey(), curves);
            case OctetKeyPair pair
            when Curve.Ed25519.equals(pair.getCurve()) -> new Ed25519Signatures(pair.getDecodedX(), curves);
            default -> null;
        };
    }

    private static JWSVerifier ecdsa(ECPublicKey key, @Nullable Provider provider)
            throws JOSEException, GeneralSecurityException {
        if (provider == null) {
            return new ECDSAVerifier(key);
        }
        // a key of the provider's own is not read again for each signature
        ECDSAVerifier verifier = new ECDSAVerifier((ECPublicKey)
                KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(key.getEncoded())));
        verifier.getJCAContext().setProvider(provider);
        return verifier;
    }

    /** Returns whether it is for an algorithm. */
    boolean fits(JWSAlgorithm wanted) {
        return (algorithm == null || algorithm.equals(wanted))
                && verifier.supportedJWSAlgorithms().contains(wanted);
    }
}
