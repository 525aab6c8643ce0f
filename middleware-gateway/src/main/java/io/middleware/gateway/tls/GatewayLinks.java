package io.middleware.gateway.tls;

import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.starter.tls.KeptCertificates;
import io.middleware.starter.tls.PeerNames;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway asks others at their ports of callers, which speak TLS where its own do. By TLS its certificate says that a gateway
 * asks. Without, it asks in the name of the caller who asks it, so that each gateway decides for that caller.
 */
public final class GatewayLinks {
    public static final GatewayLinks PLAIN = new GatewayLinks(null);

    private final @Nullable SSLContext context;

    private GatewayLinks(@Nullable SSLContext context) {
        this.context = context;
    }

    /** Expects of others one of the names that this gateway has itself. */
    public static GatewayLinks of(KeptCertificates own) {
        PeerNames names = new PeerNames(PeerNames.of(own.current().chain().getFirst()));
        return new GatewayLinks(own.bundle(names).createSslContext());
    }

    /**
     * Returns a request of another gateway.
     *
     * @param target path and query
     * @param asker  of the caller who asks this one
     * @throws IllegalArgumentException if that is no address, or no header
     */
    public HttpRequest.Builder request(String host, int port, String target, Credentials asker) {
        String scheme = context == null ? "http://" : "https://";
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(scheme + GrpcHeaders.authority(host, port) + target));
        if (context == null) {
            asker.addTo(request::header);
        }
        return request;
    }

    public HttpClient.Builder on(HttpClient.Builder client) {
        return context == null ? client : client.sslContext(context);
    }
}
