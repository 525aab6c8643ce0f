package io.middleware.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.starter.tls.PeerNames;
import io.middleware.testsupport.TestAuthority;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers with right and wrong certificates at the HTTP port. */
class HttpTlsTest {
    private static final String NGINX = "spiffe://middleware/nginx";

    private final TestAuthority authority = new TestAuthority("Test CA");
    private final TestBundles bundles = new TestBundles(authority.issue("localhost"), authority);
    private final HttpGateway gateway = new HttpGateway(parts -> new HttpGateway.Extension(
            Documents.NONE, null, CallGate.NONE, new CallerTls(bundles.kept(), new PeerNames(List.of(NGINX)))));

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void expectedName_isServed_overAKeptConnection() throws Exception {
        try (HttpClient client = client(authority.issue(NGINX))) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = get(client);
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("middleware-gateway")).hasValue("gateway-1");
            }
        }
    }

    @Test
    void certificateThatNginxPassesOn_isNotForServers() throws Exception {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpClient client = client(authority.issue(NGINX))) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + gateway.port() + "/library.v1.Library/GetBook"))
                    .header("content-type", "application/json")
                    .header("middleware-client-certificate", "-----BEGIN")
                    .header("echo", "there")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.headers().firstValue("headers-seen"))
                    .hasValueSatisfying(
                            seen -> assertThat(seen).contains("echo").doesNotContain("certificate"));
        }
    }

    @Test
    void others_areRefusedAtTheHandshake() {
        for (X509Bundle wrong :
                new X509Bundle[] {null, authority.issue("spiffe://middleware/service/a"), authority.issueExpired(NGINX)
                }) {
            assertThatThrownBy(() -> get(client(wrong))).isInstanceOf(IOException.class);
        }
    }

    private HttpResponse<String> get(HttpClient client) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + "/hello"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpClient client(X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[] {bundles.kept().trust(new PeerNames(List.of("localhost")))}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
