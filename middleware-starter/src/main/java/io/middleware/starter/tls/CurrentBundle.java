package io.middleware.starter.tls;

import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/** Makes SSL bundles for libraries that read one only once: their managers follow the certificates. */
final class CurrentBundle {
    private CurrentBundle() {}

    static SslBundle of(KeyManager key, TrustManager trust) {
        return SslBundle.of(
                SslStoreBundle.NONE,
                null,
                null,
                null,
                SslManagerBundle.of(new Keys(new KeySpi(key)), new Trusts(new TrustSpi(trust))));
    }

    /** Returns what has this one key. */
    static KeyManagerFactory factory(KeyManager key) {
        return new Keys(new KeySpi(key));
    }

    private static final class Keys extends KeyManagerFactory {
        Keys(KeySpi keys) {
            super(keys, null, "current");
        }
    }

    private static final class Trusts extends TrustManagerFactory {
        Trusts(TrustSpi trust) {
            super(trust, null, "current");
        }
    }

    private static final class KeySpi extends KeyManagerFactorySpi {
        private final KeyManager key;

        KeySpi(KeyManager key) {
            this.key = key;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
            // the manager is there already
        }

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
            // the manager is there already
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {key};
        }
    }

    private static final class TrustSpi extends TrustManagerFactorySpi {
        private final TrustManager trust;

        TrustSpi(TrustManager trust) {
            this.trust = trust;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store) {
            // the manager is there already
        }

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
            // the manager is there already
        }

        @Override
        protected TrustManager[] engineGetTrustManagers() {
            return new TrustManager[] {trust};
        }
    }
}
