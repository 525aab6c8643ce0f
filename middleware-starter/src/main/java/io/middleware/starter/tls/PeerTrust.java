package io.middleware.starter.tls;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Accepts peers whose certificate is valid now, comes from a trusted authority and has an expected name. The authorities
 * are those of the moment. Host names do not count: what is expected of a peer is said by name.
 */
public final class PeerTrust extends X509ExtendedTrustManager {
    /** For how long a session may be resumed, which checks no certificate. */
    private static final int RESUMABLE_SECONDS = 1;

    private final Supplier<X509ExtendedTrustManager> authorities;
    private final PeerNames names;
    private final Consumer<RefusedPeerException> refusals;
    private final boolean announced;

    PeerTrust(Supplier<X509ExtendedTrustManager> authorities, PeerNames names) {
        this(authorities, names, refused -> {}, true);
    }

    /**
     * Creates one.
     *
     * @param refusals  gets the callers that are refused, where nobody else tells of them
     * @param announced whether callers are told the authorities; others show the certificate that they have
     */
    PeerTrust(
            Supplier<X509ExtendedTrustManager> authorities,
            PeerNames names,
            Consumer<RefusedPeerException> refusals,
            boolean announced) {
        this.authorities = authorities;
        this.names = names;
        this.refusals = refusals;
        this.announced = announced;
    }

    private interface Check {
        void run(X509ExtendedTrustManager authorities) throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check trusted) throws RefusedPeerException {
        if (chain == null || chain.length == 0) {
            throw new RefusedPeerException("it has no certificate (expected: one that names " + names + ")", null);
        }
        X509Certificate leaf = chain[0];
        try {
            leaf.checkValidity();
        } catch (CertificateExpiredException expired) {
            throw new RefusedPeerException(
                    "its certificate expired on " + leaf.getNotAfter().toInstant()
                            + " (expected: one that is valid now)",
                    expired);
        } catch (CertificateNotYetValidException early) {
            throw new RefusedPeerException(
                    "its certificate is valid only from " + leaf.getNotBefore().toInstant()
                            + " (expected: one that is valid now)",
                    early);
        }
        X509ExtendedTrustManager current = authorities.get();
        try {
            trusted.run(current);
        } catch (CertificateException untrusted) {
            throw new RefusedPeerException(
                    "its certificate, issued by "
                            + leaf.getIssuerX500Principal().getName() + ", is not trusted: " + reason(untrusted)
                            + " (expected: one issued by " + subjects(current) + ")",
                    untrusted);
        }
        if (names.match(leaf).isEmpty()) {
            throw new RefusedPeerException(
                    "its certificate names " + PeerNames.of(leaf) + " (expected: " + names + ")", null);
        }
    }

    private static String reason(Throwable untrusted) {
        Throwable last = untrusted;
        while (last.getCause() != null && !(last instanceof CertPathValidatorException)) {
            last = last.getCause();
        }
        String message = last.getMessage();
        return message == null || message.contains("unable to find valid certification path")
                ? "no known authority"
                : message;
    }

    private static String subjects(X509ExtendedTrustManager authorities) {
        return Arrays.stream(authorities.getAcceptedIssuers())
                .map(authority -> authority.getSubjectX500Principal().getName())
                .distinct()
                .limit(3)
                .collect(Collectors.joining(" or "));
    }

    private static void limitResumption(SSLSession session) {
        if (session.getSessionContext() != null
                && session.getSessionContext().getSessionTimeout() != RESUMABLE_SECONDS) {
            session.getSessionContext().setSessionTimeout(RESUMABLE_SECONDS);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            check(chain, current -> current.checkClientTrusted(chain, authType));
        } catch (RefusedPeerException refused) {
            refusals.accept(refused);
            throw refused;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, current -> current.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
        if (socket instanceof SSLSocket secure && secure.getHandshakeSession() != null) {
            limitResumption(secure.getHandshakeSession());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        if (socket instanceof SSLSocket secure && secure.getHandshakeSession() != null) {
            limitResumption(secure.getHandshakeSession());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
        if (engine.getHandshakeSession() != null) {
            limitResumption(engine.getHandshakeSession());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        if (engine.getHandshakeSession() != null) {
            limitResumption(engine.getHandshakeSession());
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return announced ? authorities.get().getAcceptedIssuers() : new X509Certificate[0];
    }
}
