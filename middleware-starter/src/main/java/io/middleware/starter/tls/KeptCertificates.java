package io.middleware.starter.tls;

import io.netty.handler.ssl.OpenSsl;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.ClassUtils;

/** The certificates of an SSL bundle: the last ones that could be used, whatever its files have become. */
public final class KeptCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(KeptCertificates.class);

    /** Comes with OpenSSL of its own. */
    private static final String SHADED = "io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder";

    private final String bundle;
    private final List<Consumer<Credentials>> listeners = new CopyOnWriteArrayList<>();
    private volatile Credentials current;
    private volatile @Nullable String problem;

    /** @throws IllegalArgumentException if the first ones cannot be used */
    KeptCertificates(String bundle, SslBundle first) {
        this.bundle = bundle;
        this.current = Credentials.of(first);
    }

    public String name() {
        return bundle;
    }

    public Credentials current() {
        return current;
    }

    /** Returns why the newest files are not in use; null if they are. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Calls the listener now, and after each change. */
    public void eachTime(Consumer<Credentials> listener) {
        synchronized (this) {
            listeners.add(listener);
            listener.accept(current);
        }
    }

    synchronized void update(SslBundle changed) {
        Credentials next;
        try {
            next = Credentials.of(changed);
        } catch (IllegalArgumentException unusable) {
            problem = unusable.getMessage();
            LOG.warn("the new files of SSL bundle {} are not used, those before stay in use: {}", bundle, problem);
            return;
        }
        current = next;
        problem = null;
        listeners.forEach(listener -> listener.accept(next));
        X509Certificate own = next.chain().getFirst();
        LOG.info(
                "SSL bundle {} was reloaded: {}, valid until {}",
                bundle,
                PeerNames.of(own),
                own.getNotAfter().toInstant());
    }

    /** Returns the trust in peers of these names, in the authorities of the moment. */
    public PeerTrust trust(PeerNames names) {
        return new PeerTrust(() -> current.authorities(), names);
    }

    /** Returns a key manager with the key of the moment. */
    public X509ExtendedKeyManager key() {
        return new CurrentKey();
    }

    /** Returns a bundle for peers of these names, for what reads one only once. Callers that are refused are logged. */
    public SslBundle bundle(PeerNames names) {
        RefusalLog refusals = new RefusalLog(System::nanoTime);
        PeerTrust trust = new PeerTrust(() -> current.authorities(), names, refusals::refused, !announcesOnce());
        return CurrentBundle.of(key(), trust);
    }

    /**
     * Whether a server reads only once which authorities to announce, as OpenSSL does. Callers would be told the old ones for ever,
     * and those whose certificate is of a new one would show none.
     */
    private static boolean announcesOnce() {
        return OpenSsl.isAvailable() || ClassUtils.isPresent(SHADED, KeptCertificates.class.getClassLoader());
    }

    private final class CurrentKey extends X509ExtendedKeyManager {
        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return current.key().getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, java.net.Socket socket) {
            return current.key().chooseClientAlias(keyType, issuers, socket);
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
            return current.key().chooseEngineClientAlias(keyType, issuers, engine);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return current.key().getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, java.net.Socket socket) {
            return current.key().chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return current.key().chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return current.key().getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return current.key().getPrivateKey(alias);
        }
    }
}
