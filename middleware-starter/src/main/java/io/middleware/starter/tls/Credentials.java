package io.middleware.starter.tls;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * What an SSL bundle had when it was read: a key with its certificates, and trusted authorities.
 *
 * @param key   chooses the one certificate that there is
 * @param chain own certificate first
 */
public record Credentials(
        X509ExtendedKeyManager key, X509ExtendedTrustManager authorities, List<X509Certificate> chain) {

    private static final int LONGEST_MESSAGE = 200;

    /** @throws IllegalArgumentException if it cannot be used now; the message says what was expected */
    static Credentials of(SslBundle bundle) {
        try {
            KeyStore store = bundle.getStores().getKeyStore();
            if (store == null) {
                throw new IllegalArgumentException("no keystore (expected: a certificate and its private key)");
            }
            String alias = alias(store, bundle.getKey().getAlias());
            SslManagerBundle managers = bundle.getManagers();
            X509ExtendedKeyManager key = first(managers.getKeyManagers(), X509ExtendedKeyManager.class, "a key");
            X509ExtendedTrustManager authorities =
                    first(managers.getTrustManagers(), X509ExtendedTrustManager.class, "trusted certificates");
            X509Certificate[] chain = Arrays.stream(store.getCertificateChain(alias))
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            chain[0].checkValidity();
            checkPair(privateKey(bundle, store, alias), chain[0].getPublicKey());
            if (authorities.getAcceptedIssuers().length == 0) {
                throw new IllegalArgumentException(
                        "no trusted certificates (expected: a truststore with an authority)");
            }
            return new Credentials(key, authorities, List.of(chain));
        } catch (IllegalArgumentException unusable) {
            throw unusable;
        } catch (Exception unreadable) {
            throw new IllegalArgumentException(describe(unreadable), unreadable);
        }
    }

    /** Returns the key for contexts that are made anew with other credentials: BoringSSL is given it only once. */
    public KeyManagerFactory keyForOneContext() {
        return new OpenSslCachingX509KeyManagerFactory(CurrentBundle.factory(key));
    }

    private static String alias(KeyStore store, @Nullable String wanted) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && (wanted == null || wanted.equals(alias))) {
                return alias;
            }
        }
        throw new IllegalArgumentException("no private key in the keystore (expected: one, with its certificate)");
    }

    private static PrivateKey privateKey(SslBundle bundle, KeyStore store, String alias)
            throws GeneralSecurityException {
        String password = bundle.getKey().getPassword();
        if (password == null) {
            password = bundle.getStores().getKeyStorePassword();
        }
        return (PrivateKey) store.getKey(alias, password == null ? null : password.toCharArray());
    }

    private static void checkPair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        byte[] probe = {1, 2, 3};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        signer.initVerify(certified);
        signer.update(probe);
        if (!signer.verify(signature)) {
            throw new IllegalArgumentException("the private key does not belong to the certificate");
        }
    }

    private static <T, M> T first(M[] managers, Class<T> type, String what) {
        return Arrays.stream(managers)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("it has no " + what + " (expected: PEM or a keystore)"));
    }

    private static String describe(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String message = String.valueOf(last.getMessage());
        // messages about PEM may hold the PEM, and that a private key
        boolean quotes = message.length() > LONGEST_MESSAGE || message.contains("---");
        return (quotes
                        ? last.getClass().getSimpleName()
                        : message.lines().findFirst().orElse(""))
                + " (expected: whole files, of a certificate that is valid now and its key)";
    }
}
