package io.middleware.gateway.tls;

import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.starter.tls.KeptCertificates;
import io.middleware.starter.tls.PeerNames;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a gateway asks others at their ports of callers, which speak TLS where its own do. By TLS its certificate says that a gateway
 * asks. Without, it asks in the name of the caller who asks it, so that each gateway decides for that caller; but only those that are
 * {@linkplain TrustedPeers trusted}.
 */
public final class GatewayLinks {
    /** Without TLS, and others are trusted on this machine only. */
    public static final GatewayLinks PLAIN = plain(List.of());

    private static final Logger log = LoggerFactory.getLogger(GatewayLinks.class);
    private static final int MOST_TOLD = 100;
    private static final Set<Integer> REFUSED = Set.of(401, 403);

    private final @Nullable SSLContext context;
    private final TrustedPeers trusted;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private GatewayLinks(@Nullable SSLContext context, TrustedPeers trusted) {
        this.context = context;
        this.trusted = trusted;
    }

    /** {@code trusted}: see {@link PeerSettings}. */
    public static GatewayLinks plain(Collection<String> trusted) {
        return new GatewayLinks(null, TrustedPeers.of(trusted));
    }

    /** Expects of others one of the names that this gateway has itself. */
    public static GatewayLinks of(KeptCertificates own) {
        PeerNames names = new PeerNames(PeerNames.of(own.current().chain().getFirst()));
        return new GatewayLinks(own.bundle(names).createSslContext(), TrustedPeers.of(List.of()));
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
        if (withholds(host, asker)) {
            tell(host);
        } else if (context == null) {
            asker.addTo(request::header);
        }
        return request;
    }

    private boolean withholds(String host, Credentials asker) {
        return context == null && !asker.isEmpty() && !trusted.has(host);
    }

    private void tell(String host) {
        if (told.size() < MOST_TOLD && told.add(host)) {
            log.warn(
                    "callers' credentials are not sent to the gateway that Consul has at {}, as anybody could have registered it: "
                            + "what it knows may be missing where people look (expected: TLS between gateways, or its address in "
                            + "middleware.gateway.peers.trusted)",
                    host);
        }
    }

    /** Returns whether a gateway refused a request because it did not get the asker's credentials. */
    public boolean withheld(String host, Credentials asker, HttpResponse<?> response) {
        return REFUSED.contains(response.statusCode()) && withholds(host, asker);
    }

    public HttpClient.Builder on(HttpClient.Builder client) {
        return context == null ? client : client.sslContext(context);
    }
}
