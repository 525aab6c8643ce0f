package io.middleware.gateway.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The JDK and the native code say the same of signatures, right ones and such as were made to deceive. */
@ExtendWith(OutputCaptureExtension.class)
class NativeSignaturesTest {
    private static final byte[] SIGNED = "header.claims".getBytes(StandardCharsets.US_ASCII);
    /** The order of the group of Ed25519. */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final Random random = new Random(7);

    /** {@code order}: of the group of the key's curve. */
    record Signed(JWSAlgorithm algorithm, JWK key, byte[] signature, BigInteger order) {
        @Override
        public String toString() {
            return algorithm.getName();
        }
    }

    static Stream<Signed> signatures() throws Exception {
        return Stream.of(
                ecdsa(JWSAlgorithm.ES256, Curve.P_256),
                ecdsa(JWSAlgorithm.ES384, Curve.P_384),
                ecdsa(JWSAlgorithm.ES512, Curve.P_521),
                ed25519());
    }

    private static Signed ecdsa(JWSAlgorithm algorithm, Curve curve) throws JOSEException {
        ECKey key = new ECKeyGenerator(curve).generate();
        byte[] signature =
                new ECDSASigner(key).sign(new JWSHeader(algorithm), SIGNED).decode();
        return new Signed(
                algorithm,
                key.toPublicJWK(),
                signature,
                curve.toECParameterSpec().getOrder());
    }

    private static Signed ed25519() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(SIGNED);
        byte[] encoded = pair.getPublic().getEncoded();
        Base64URL key = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        return new Signed(
                JWSAlgorithm.EdDSA, new OctetKeyPair.Builder(Curve.Ed25519, key).build(), signer.sign(), ORDER);
    }

    @BeforeEach
    void needsNativeCode() {
        assumeTrue(NativeSignatures.PROVIDER != null, "no native code for this machine");
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void rightOne_isTaken_othersAreRefused_byBoth(Signed signed) {
        VerificationKey byNativeCode = VerificationKey.of(signed.key, NativeSignatures.PROVIDER);
        VerificationKey byJdk = VerificationKey.of(signed.key, null);

        assertThat(isTaken(byNativeCode, signed, signed.signature)).isTrue();
        assertThat(isTaken(byJdk, signed, signed.signature)).isTrue();
        wrong(signed).forEach((what, signature) -> {
            assertThat(isTaken(byNativeCode, signed, signature))
                    .as(what + ", native")
                    .isFalse();
            assertThat(isTaken(byJdk, signed, signature)).as(what + ", JDK").isFalse();
        });
    }

    @Test
    void nativeCodeThatDoesNotRun_isToldInOneLine(CapturedOutput output) {
        assertThat(NativeSignatures.usable(() -> {
                    throw new IllegalStateException("unavailable", new UnsatisfiedLinkError("no such library"));
                }))
                .isNull();

        assertThat(output).containsOnlyOnce("native code, which is faster, does not run: no such library");
        assertThat(output).doesNotContain("\tat ");
    }

    private static boolean isTaken(VerificationKey key, Signed signed, byte[] signature) {
        try {
            return key.verifier().verify(new JWSHeader(signed.algorithm), SIGNED, Base64URL.encode(signature));
        } catch (JOSEException | RuntimeException unreadable) {
            return false;
        }
    }

    /** Returns wrong signatures by what is wrong with them. */
    private Map<String, byte[]> wrong(Signed signed) {
        int length = signed.signature.length;
        int half = length / 2;
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("nothing", new byte[0]);
        all.put("zeros", new byte[length]);
        all.put("ones", filled(length));
        all.put("first half zero", with(signed.signature, 0, new byte[half]));
        all.put("second half zero", with(signed.signature, half, new byte[half]));
        all.put("first half ones", with(signed.signature, 0, filled(half)));
        all.put("second half ones", with(signed.signature, half, filled(half)));
        all.put("both the order", with(with(signed.signature, 0, order(signed)), half, order(signed)));
        all.put("cut", Arrays.copyOf(signed.signature, length - 1));
        all.put("longer", Arrays.copyOf(signed.signature, length + 1));
        all.put("halves exchanged", with(with(signed.signature, 0, half(signed, 1)), half, half(signed, 0)));
        if (signed.algorithm.equals(JWSAlgorithm.EdDSA)) {
            all.put("S and the order", with(signed.signature, half, plusOrder(signed)));
        }
        for (int i = 0; i < 200; i++) {
            byte[] flipped = signed.signature.clone();
            int bit = random.nextInt(length * 8);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            all.put("bit " + bit, flipped);
        }
        return all;
    }

    private static byte[] filled(int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xff);
        return ones;
    }

    private static byte[] with(byte[] signature, int at, byte[] part) {
        byte[] changed = signature.clone();
        System.arraycopy(part, 0, changed, at, part.length);
        return changed;
    }

    private static byte[] half(Signed signed, int which) {
        int half = signed.signature.length / 2;
        return Arrays.copyOfRange(signed.signature, which * half, (which + 1) * half);
    }

    /** Returns the order as the signature writes numbers: Ed25519 has the last byte first. */
    private static byte[] order(Signed signed) {
        byte[] number = fixed(signed.order, signed.signature.length / 2);
        return signed.algorithm.equals(JWSAlgorithm.EdDSA) ? reversed(number) : number;
    }

    /** Returns another way to write the second half, which would be a second signature of the same. */
    private static byte[] plusOrder(Signed signed) {
        BigInteger s = new BigInteger(1, reversed(half(signed, 1)));
        return reversed(fixed(s.add(signed.order), signed.signature.length / 2));
    }

    private static byte[] fixed(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int kept = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - kept, fixed, length - kept, kept);
        return fixed;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
