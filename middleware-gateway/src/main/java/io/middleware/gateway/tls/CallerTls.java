package io.middleware.gateway.tls;

import io.middleware.starter.tls.Credentials;
import io.middleware.starter.tls.KeptCertificates;
import io.middleware.starter.tls.PeerNames;
import io.middleware.starter.tls.RefusalLog;
import io.middleware.starter.tls.ReloadedSslContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;

/** TLS of the ports of callers, who must have a certificate. Usable by all event loops. */
public final class CallerTls {
    private final PeerNames names;
    private final SslContext http2;
    private final SslContext http1;
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);

    public CallerTls(KeptCertificates certificates, PeerNames names) {
        this.names = names;
        this.http2 = new ReloadedSslContext(certificates, own -> context(certificates, own, "h2"));
        this.http1 = new ReloadedSslContext(certificates, own -> context(certificates, own, "http/1.1"));
    }

    private SslContext context(KeptCertificates certificates, Credentials own, String protocol) throws SSLException {
        return SslContextBuilder.forServer(own.keyForOneContext())
                .trustManager(certificates.trust(names))
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
    }

    /** Adds TLS to a connection of the gRPC port, whose other handlers follow. */
    public void addTo(Channel connection) {
        SslHandler handler = http2.newHandler(connection.alloc());
        connection.pipeline().addLast(handler, new CallerHandshake(handler, names, refusals));
    }

    /** Returns the context for HTTP/1.1, to which {@link #watch} belongs. */
    public SslContext http1() {
        return http1;
    }

    /** Adds what follows on the TLS handler of a connection of the HTTP port. */
    public void watch(ChannelPipeline pipeline) {
        SslHandler handler = pipeline.get(SslHandler.class);
        if (handler != null) {
            ChannelHandler watch = new CallerHandshake(handler, names, refusals);
            pipeline.addAfter(pipeline.context(handler).name(), "middleware.callerHandshake", watch);
        }
    }
}
