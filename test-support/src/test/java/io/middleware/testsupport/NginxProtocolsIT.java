package io.middleware.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The configuration of this project, in a real Nginx: which port of a gateway a call goes to, and what callers of each
 * protocol read when Nginx itself responds.
 */
@Execution(ExecutionMode.CONCURRENT)
class NginxProtocolsIT {
    private static final String CALL = "/hello.v1.HelloService/SayHello";

    private final int port = FreePorts.next();
    private final int grpcPort = FreePorts.next();
    private final HttpClient caller = HttpClient.newHttpClient();
    private final CompletableFuture<InputStream> body = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private HttpServer gateway;
    private NginxServer nginx;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            body.complete(exchange.getRequestBody());
            ended.join();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        gateway.start();
        // the port for gRPC is closed: whatever goes there is refused by Nginx, in the form of its protocol
        nginx = ProjectNginx.start(port, grpcPort, server(gateway.getAddress().getPort()), server(FreePorts.next()));
    }

    @AfterEach
    void stop() {
        ended.complete(null);
        nginx.close();
        gateway.stop(0);
        caller.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc-web",
                "application/grpc-web+proto",
                "application/grpc-web-text",
                "application/grpc-web-text+json"
            })
    void grpcWeb_goesToThePortForGrpc_andReadsItsStatusInTheHeaders(String contentType) throws Exception {
        for (int each : new int[] {port, grpcPort}) {
            HttpResponse<String> response = send(post(each, contentType));
            assertThat(response.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(response.headers().allValues("content-type")).containsExactly(contentType);
            assertThat(response.headers().firstValue("grpc-status")).hasValue("14");
            assertThat(response.headers().firstValue("grpc-message").orElseThrow())
                    .contains("no gateway could be reached");
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/connect+proto", "application/connect+json"})
    void streamOfConnect_goesToThePortForGrpc_andReadsAnErrorOfConnect(String contentType) throws Exception {
        HttpResponse<String> response = send(post(port, contentType));
        assertThat(response.statusCode()).as(nginx.log()).isEqualTo(503);
        assertThat(response.headers().allValues("content-type")).containsExactly("application/json");
        assertThat(response.body()).startsWith("{\"code\":\"unavailable\",\"message\":\"Nginx: no gateway");
    }

    @Test
    void pageOfAnotherOrigin_mayReadThatNoGatewayIsThere() throws Exception {
        HttpResponse<String> response =
                send(post(port, "application/grpc-web+proto").header("Origin", "https://a.test"));
        assertThat(response.headers().firstValue("access-control-allow-origin"))
                .as(nginx.log())
                .hasValue("*");
        assertThat(response.headers()
                        .firstValue("access-control-expose-headers")
                        .orElseThrow())
                .contains("grpc-status");
        assertThat(send(post(port, "application/grpc-web+proto")).headers().firstValue("access-control-allow-origin"))
                .isEmpty();
    }

    @Test
    void grpcByHttp1_isToldWhatToDo() throws Exception {
        HttpResponse<String> response = send(post(port, "application/grpc"));
        assertThat(response.statusCode()).as(nginx.log()).isEqualTo(505);
        assertThat(response.headers().firstValue("grpc-status")).hasValue("13");
        assertThat(response.body()).contains("HTTP/2").contains("gRPC-Web").contains("Connect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web-text", "application/connect+json"})
    void whatIsNoPost_isNoSuchCall(String contentType) throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri(port))
                .header("Content-Type", contentType)
                .PUT(BodyPublishers.ofString("any")));
        assertThat(response.statusCode()).as(nginx.log()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("POST");
        assertThat(body).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/proto", "application/grpcx", "text/plain"})
    void allElse_goesToThePortForHttp(String contentType) throws Exception {
        ended.complete(null);
        assertThat(send(post(port, contentType)).statusCode()).as(nginx.log()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,, 405",
        "HEAD,, 405",
        "PUT, application/json, 405",
        "DELETE,, 405",
        "PUT, application/proto, 405",
        "POST, application/json, 415",
        "POST, application/x-ndjson, 415",
        "POST, text/plain, 415",
        "POST,, 415",
    })
    void plainHttp_isRefusedAtThePortForRpc(String method, String contentType, int status) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(grpcPort)).method(method, BodyPublishers.ofString("{}"));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).as(nginx.log()).isEqualTo(status);
        assertThat(response.headers().firstValue("allow"))
                .isEqualTo(status == 405 ? Optional.of("GET, POST") : Optional.empty());
        assertThat(response.headers().allValues("content-type")).containsExactly("application/problem+json");
        if (!method.equals("HEAD")) {
            assertThat(response.body()).contains("gRPC, gRPC-Web and Connect").contains("8080");
        }
        assertThat(body).isNotDone();
    }

    @Test
    void unaryCallsOfConnect_passAtThePortForRpc() throws Exception {
        ended.complete(null);
        List<HttpRequest.Builder> requests = List.of(
                post(grpcPort, "application/proto"),
                post(grpcPort, "application/json").header("Connect-Protocol-Version", "1"),
                HttpRequest.newBuilder(URI.create(uri(grpcPort) + "?encoding=json&message=%7B%7D")),
                HttpRequest.newBuilder(uri(grpcPort)).method("OPTIONS", BodyPublishers.noBody()));
        for (HttpRequest.Builder each : requests) {
            assertThat(send(each).statusCode())
                    .as("%s %s", each.build(), nginx.log())
                    .isEqualTo(200);
        }
    }

    @Test
    void linesOfJson_passAsTheyCome() throws Exception {
        PipedOutputStream lines = new PipedOutputStream();
        PipedInputStream upload = new PipedInputStream(lines);
        CompletableFuture<HttpResponse<String>> response = caller.sendAsync(
                HttpRequest.newBuilder(uri(port))
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofInputStream(() -> upload))
                        .build(),
                BodyHandlers.ofString());
        // as much as the caller's library waits for
        byte[] line = ("{\"message\":\"" + "x".repeat(32_000) + "\"}\n").getBytes(StandardCharsets.UTF_8);
        lines.write(line);
        lines.flush();
        InputStream received = body.get(10, TimeUnit.SECONDS);
        assertThat(received.readNBytes(1_000)).as(nginx.log()).hasSize(1_000);
        assertThat(response).isNotDone();
        ended.complete(null);
        lines.close();
        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void bodyThatSaysItIsTooLarge_isRefused() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri(port))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[17_000_000])));
        assertThat(response.statusCode()).as(nginx.log()).isEqualTo(413);
        assertThat(response.body()).contains("16 MB at most");
        assertThat(body).isNotDone();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return caller.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder post(int port, String contentType) {
        return HttpRequest.newBuilder(uri(port))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString("any"));
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port + CALL);
    }

    private static String server(int port) {
        return "server 127.0.0.1:%d;".formatted(port);
    }
}
