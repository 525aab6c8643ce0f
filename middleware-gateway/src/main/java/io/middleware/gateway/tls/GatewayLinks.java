package io.middleware.gateway.tls;

import io.middleware.starter.tls.KeptCertificates;
import io.middleware.starter.tls.PeerNames;
import java.net.http.HttpClient;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** How a gateway asks others at their ports of callers, which speak TLS where its own do. */
public final class GatewayLinks {
    public static final GatewayLinks PLAIN = new GatewayLinks(null);

    private final @Nullable SSLContext context;

    private GatewayLinks(@Nullable SSLContext context) {
        this.context = context;
    }

    /** Expects of others one of the names that this gateway has itself. */
    static GatewayLinks of(KeptCertificates own) {
        PeerNames names = new PeerNames(PeerNames.of(own.current().chain().getFirst()));
        return new GatewayLinks(own.bundle(names).createSslContext());
    }

    /** Returns the beginning of the address of another gateway. */
    public String scheme() {
        return context == null ? "http://" : "https://";
    }

    public HttpClient.Builder on(HttpClient.Builder client) {
        return context == null ? client : client.sslContext(context);
    }
}
