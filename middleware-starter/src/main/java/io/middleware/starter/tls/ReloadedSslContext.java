package io.middleware.starter.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * A context that is made anew with each change of the certificates: a session that began with the old ones cannot be
 * resumed. Connections that there are go on.
 */
public final class ReloadedSslContext extends SslContext {
    private volatile @Nullable SslContext current;

    /** Makes a context from credentials. */
    @FunctionalInterface
    public interface Maker {
        SslContext make(Credentials credentials) throws SSLException;
    }

    public ReloadedSslContext(KeptCertificates certificates, Maker maker) {
        certificates.eachTime(credentials -> {
            try {
                current = maker.make(credentials);
            } catch (SSLException unusable) {
                throw new IllegalArgumentException(
                        "SSL bundle " + certificates.name() + ": " + unusable.getMessage(), unusable);
            }
        });
    }

    private SslContext current() {
        return Objects.requireNonNull(current);
    }

    @Override
    public boolean isClient() {
        return current().isClient();
    }

    @Override
    public List<String> cipherSuites() {
        return current().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation")
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return current().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return current().newEngine(allocator, host, port);
    }

    /** Lets the context itself make the handler, which knows best how its engine is used. */
    @Override
    protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
        return current().newHandler(allocator);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current().sessionContext();
    }
}
