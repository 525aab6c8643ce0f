package io.middleware.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.starter.tls.PeerNames;
import io.middleware.testsupport.TestAuthority;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Callers with right and wrong certificates at the HTTP port. */
@ExtendWith(OutputCaptureExtension.class)
class HttpTlsTest {
    private static final String ENDED = "/ended";
    private static final String NGINX = "spiffe://middleware/nginx";

    private final TestAuthority authority = new TestAuthority("Test CA");
    private final TestBundles bundles = new TestBundles(authority.issue("localhost"), authority);
    private final HttpGateway gateway = new HttpGateway(parts -> new HttpGateway.Extension(
            HttpTlsTest::ended, null, CallGate.NONE, new CallerTls(bundles.kept(), new PeerNames(List.of(NGINX)))));

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

    /** Nothing can be written to it any more: the response would fail, with a stack trace in the log. */
    @Test
    void callerThatEndsItsTls_endsItsCall() throws Exception {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                Socket socket =
                        context(authority.issue(NGINX)).getSocketFactory().createSocket("localhost", gateway.port())) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            socket.getOutputStream()
                    .write(("POST /library.v1.Library/Wait HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"time\":\"30s\"}")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(library.awaitWaiting()).isTrue();

            socket.shutdownOutput();

            assertThat(library.awaitCancelled()).isTrue();
        }
    }

    @Test
    void responseThatFindsTlsEnded_isNoErrorInTheLog(CapturedOutput log) throws Exception {
        try (HttpClient client = client(authority.issue(NGINX))) {
            assertThatThrownBy(() -> client.send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + ENDED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThat(get(client).statusCode()).as("the next call").isEqualTo(503);
        }
        assertThat(log).doesNotContain("Error starting", "Error finishing", SslClosedEngineException.class.getName());
    }

    @Test
    void others_areRefusedAtTheHandshake() {
        for (X509Bundle wrong :
                new X509Bundle[] {null, authority.issue("spiffe://middleware/service/a"), authority.issueExpired(NGINX)
                }) {
            assertThatThrownBy(() -> get(client(wrong))).isInstanceOf(IOException.class);
        }
    }

    /** Responds to {@link #ENDED} as if the caller had ended its TLS before. */
    private static @Nullable Mono<HttpReply> ended(ParsedRequest parsed, HttpServerRequest request) {
        return parsed.path().equals(ENDED)
                ? Mono.just((response, head) -> Mono.error(new SslClosedEngineException("closed already")))
                : null;
    }

    private HttpResponse<String> get(HttpClient client) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + "/hello"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpClient client(X509Bundle own) throws Exception {
        return HttpClient.newBuilder().sslContext(context(own)).build();
    }

    private SSLContext context(X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[] {bundles.kept().trust(new PeerNames(List.of("localhost")))}, null);
        return context;
    }
}
