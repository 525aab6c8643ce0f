package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.NginxServer;
import io.middleware.testsupport.ProjectNginx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Callers of Nginx get nothing of a gateway's management port, however they write its paths. */
class ManagementBehindNginxIT {
    private static final int HTTP = FreePorts.next();
    private static final int GRPC = FreePorts.next();
    private static final int MANAGEMENT = FreePorts.next();
    private static final int NGINX_HTTP = FreePorts.next();
    private static final int NGINX_GRPC = FreePorts.next();

    /** What the management port says, and nothing else does. */
    private static final List<String> OF_MANAGEMENT = List.of(
            "\"_links\"",
            "\"components\":{\"",
            "\"status\":\"UP\"",
            "\"names\":[",
            "jvm_memory",
            "\"measurements\"",
            "\"activeProfiles\"");

    private static final List<String> ENDPOINTS =
            List.of("health", "health/readiness", "info", "metrics", "prometheus", "instances", "sbom", "env");

    private static ConsulServer consul;
    private static ConfigurableApplicationContext gateway;
    private static NginxServer nginx;

    @BeforeAll
    static void start() throws IOException {
        consul = ConsulServer.forgetful();
        gateway = new SpringApplicationBuilder(GatewayApplication.class)
                .registerShutdownHook(false)
                .run(
                        "--server.address=127.0.0.1",
                        "--server.port=" + HTTP,
                        "--middleware.gateway.grpc.port=" + GRPC,
                        "--management.server.port=" + MANAGEMENT,
                        "--management.server.address=127.0.0.1",
                        // with all that callers can be shown
                        "--middleware.gateway.errors.details=true",
                        "--middleware.gateway.tap.enabled=true",
                        "--middleware.gateway.drain-delay=0s",
                        "--spring.cloud.consul.host=" + consul.host(),
                        "--spring.cloud.consul.port=" + consul.port());
        nginx = ProjectNginx.start(
                NGINX_HTTP, NGINX_GRPC, "server 127.0.0.1:" + HTTP + ";", "server 127.0.0.1:" + GRPC + ";");
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> http1(NGINX_HTTP, "GET", "/api/", "").startsWith("HTTP/1.1 200"));
    }

    @AfterAll
    static void stop() {
        nginx.close();
        gateway.close();
        consul.close();
    }

    static Stream<String> spellings() {
        List<String> starts = List.of(
                "/actuator/",
                "//actuator/",
                "/./actuator/",
                "/x/../actuator/",
                "/dashboard/../actuator/",
                "/dashboard/..%2factuator/",
                "/dashboard/%2e%2e/actuator/",
                "/dashboard/..;/actuator/",
                "/api/..%5cactuator/",
                "/%61ctuator/",
                "/%2561ctuator/",
                "/actuator%2f",
                "/actuator;a=b/",
                "/actuator;/",
                "/.;/actuator/",
                "/ACTUATOR/",
                "/actuator/..;/actuator/",
                "/.nginx/../actuator/",
                "/.nginx/http/../../actuator/",
                "\\actuator\\",
                "/actuator/%00/",
                "/actuator/./",
                "/@deferred/../actuator/",
                "/%c0%afactuator/",
                "/actuator%20/",
                "/actuator\u0085/",
                "http://127.0.0.1:" + MANAGEMENT + "/actuator/",
                "http://user@127.0.0.1:" + MANAGEMENT + "/actuator/",
                "https://127.0.0.1:" + MANAGEMENT + "/actuator/",
                "@127.0.0.1:" + MANAGEMENT + "/actuator/",
                ":" + MANAGEMENT + "/actuator/",
                "*/actuator/",
                "actuator/");
        return starts.stream()
                .flatMap(start -> Stream.concat(
                        Stream.of(start, start.replaceFirst("/$", "")),
                        ENDPOINTS.stream().map(start::concat)));
    }

    @Test
    void managementPort_itselfSaysAllThat() {
        for (String endpoint : List.of("", "/health", "/metrics", "/prometheus")) {
            assertThat(OF_MANAGEMENT)
                    .as(endpoint)
                    .anyMatch(http1(MANAGEMENT, "GET", "/actuator" + endpoint, "")::contains);
        }
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void spelling_isNotTheManagementPorts(String path) {
        for (int port : List.of(NGINX_HTTP, NGINX_GRPC)) {
            String response = http1(port, "GET", path, "");
            assertThat(response).startsWith("HTTP/1.1 ");
            refused(response);
            refused(http1(port, "POST", path, "Content-Type: application/json\r\nConnect-Protocol-Version: 1\r\n"));
            refused(http2(port, "GET", path, "127.0.0.1:" + MANAGEMENT));
            refused(http2(port, "POST", path, "a"));
        }
    }

    /** Headers by which Nginx and gateways, or proxies in general, are told where to go. */
    @ParameterizedTest
    @MethodSource("headers")
    void header_leadsNowhereElse(String header) {
        for (String path : List.of("/actuator/health", "/", "/dashboard/")) {
            for (int port : List.of(NGINX_HTTP, NGINX_GRPC)) {
                refused(http1(port, "GET", path, header + "\r\n"));
            }
        }
    }

    static Stream<String> headers() {
        String management = "127.0.0.1:" + MANAGEMENT;
        return Stream.of(
                "Host: " + management,
                "X-Forwarded-Host: " + management,
                "X-Forwarded-Prefix: /actuator",
                "Forwarded: host=" + management,
                "X-Original-URL: /actuator/health",
                "X-Rewrite-URL: /actuator/health",
                "X-Accel-Redirect: @deferred",
                "Middleware-Deferred: http://" + management + "/actuator/health",
                "Middleware-Defer: x",
                "Upgrade: h2c",
                "Transfer-Encoding: chunked",
                "Content-Length: 5\r\nTransfer-Encoding: chunked");
    }

    @Test
    void tunnel_isNotMade() {
        for (int port : List.of(NGINX_HTTP, NGINX_GRPC)) {
            refused(http1(port, "CONNECT", "127.0.0.1:" + MANAGEMENT, ""));
            refused(http1(port, "TRACE", "/actuator/health", ""));
        }
    }

    private static void refused(String response) {
        assertThat(OF_MANAGEMENT).as(response).noneMatch(response::contains);
    }

    /** Returns all that comes back; nothing where the connection is closed. */
    private static String http1(int port, String method, String target, String headers) {
        String host = headers.startsWith("Host:") ? "" : "Host: a\r\n";
        String request = method + " " + target + " HTTP/1.1\r\n" + host + headers + "Connection: close\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            if (headers.contains("Length") || headers.contains("Encoding")) {
                socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException closed) {
            return "";
        }
    }

    private static String http2(int port, String method, String path, String authority) {
        try (RawHttp2Peer caller = RawHttp2Peer.client(port)) {
            caller.headers(
                    1,
                    true,
                    ":method",
                    method,
                    ":scheme",
                    "http",
                    ":authority",
                    authority,
                    ":path",
                    path,
                    "content-type",
                    "application/proto",
                    "connect-protocol-version",
                    "1");
            return new String(caller.response(1).body(), StandardCharsets.UTF_8);
        } catch (IOException | UncheckedIOException closed) {
            return "";
        }
    }
}
