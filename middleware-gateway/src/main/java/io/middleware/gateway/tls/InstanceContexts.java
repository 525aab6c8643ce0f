package io.middleware.gateway.tls;

import io.middleware.core.instance.Instance;
import io.middleware.gateway.transport.InstanceTls;
import io.middleware.starter.tls.CertificateBook;
import io.middleware.starter.tls.Credentials;
import io.middleware.starter.tls.HandshakeFailure;
import io.middleware.starter.tls.KeptCertificates;
import io.middleware.starter.tls.PeerNames;
import io.middleware.starter.tls.ReloadedSslContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS with instances. What is expected of an instance comes from its service's name and from settings, never from its
 * own registration. Usable by all event loops.
 */
public final class InstanceContexts implements InstanceTls {
    private static final String SETTING = "middleware.gateway.tls.instances";

    private final TlsSettings.Instances settings;
    private final CertificateBook book;
    private final Map<String, SslContext> contexts = new ConcurrentHashMap<>();

    public InstanceContexts(TlsSettings.Instances settings, CertificateBook book) {
        this.settings = settings;
        this.book = book;
        // a wrong bundle stops the start
        if (settings.bundle() != null) {
            book.of(settings.bundle(), SETTING + ".bundle");
        }
        settings.services().forEach((name, service) -> {
            if (service.bundle() != null) {
                book.of(service.bundle(), SETTING + ".services." + name + ".bundle");
            }
            new PeerNames(settings.namesOf(name));
        });
        new PeerNames(settings.names());
    }

    @Override
    public @Nullable String refusal(Instance instance) {
        if (!instance.registration().tls()) {
            return settings.required()
                    ? "it speaks no TLS, which " + SETTING + ".required demands (expected: tls=true in its metadata)"
                    : null;
        }
        return settings.bundleOf(instance.serviceName()) == null
                ? "it speaks TLS, for which this gateway has no certificate (expected: " + SETTING + ".bundle)"
                : null;
    }

    @Override
    public @Nullable SslHandler handler(Instance instance, ByteBufAllocator allocator) {
        return instance.registration().tls()
                ? contexts.computeIfAbsent(instance.serviceName(), this::context)
                        .newHandler(allocator)
                : null;
    }

    @Override
    public String describe(Throwable failure) {
        return HandshakeFailure.isDeparture(failure)
                ? "the server closed the connection during the TLS handshake (expected: that it accepts this gateway's"
                        + " certificate)"
                : HandshakeFailure.describe(failure);
    }

    private SslContext context(String service) {
        KeptCertificates certificates =
                book.of(Objects.requireNonNull(settings.bundleOf(service)), SETTING + ".bundle");
        PeerNames names = new PeerNames(settings.namesOf(service));
        return new ReloadedSslContext(certificates, own -> context(certificates, own, names));
    }

    private static SslContext context(KeptCertificates certificates, Credentials own, PeerNames names)
            throws SSLException {
        return SslContextBuilder.forClient()
                .keyManager(own.keyForOneContext())
                .trustManager(certificates.trust(names))
                // names are checked by the trust manager: instances are known by address
                .endpointIdentificationAlgorithm(null)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
    }
}
