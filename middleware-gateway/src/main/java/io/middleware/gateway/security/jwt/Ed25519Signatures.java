package io.middleware.gateway.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies Ed25519 (RFC 8037) by the JDK or another provider; Nimbus would need a library of its own. */
final class Ed25519Signatures implements JWSVerifier {
    private static final String ALGORITHM = "Ed25519";
    /** What comes before the 32 bytes of a key in its X.509 form (RFC 8410, 4). */
    private static final byte[] X509_START = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;

    private final PublicKey key;
    private final JCAContext context = new JCAContext();

    /** {@code provider}: verifies if it can; null for the JDK. */
    Ed25519Signatures(byte[] publicKey, @Nullable Provider provider) throws GeneralSecurityException {
        if (publicKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key of " + publicKey.length + " bytes (expected: 32)");
        }
        byte[] encoded = new byte[X509_START.length + KEY_BYTES];
        System.arraycopy(X509_START, 0, encoded, 0, X509_START.length);
        System.arraycopy(publicKey, 0, encoded, X509_START.length, KEY_BYTES);
        this.key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        boolean able = provider != null && provider.getService("Signature", ALGORITHM) != null;
        context.setProvider(able ? provider : null);
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) {
        try {
            Provider provider = context.getProvider();
            Signature check =
                    provider == null ? Signature.getInstance(ALGORITHM) : Signature.getInstance(ALGORITHM, provider);
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature.decode());
        } catch (GeneralSecurityException wrong) {
            return false;
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.EdDSA);
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }
}
