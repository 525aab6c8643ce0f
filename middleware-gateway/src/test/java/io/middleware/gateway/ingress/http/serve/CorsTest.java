package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers for pages of other origins, at the HTTP port. */
class CorsTest {
    private static final String SHOP = "https://shop.example";

    @Test
    void noOriginAllowed_noHeaderAtAll() {
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of(" ")))) {
            assertThat(corsHeaders(get(gateway, SHOP))).isEmpty();
            assertThat(get(gateway, SHOP).headers().map()).doesNotContainKey("vary");
            HttpResponse<String> preflight = preflight(gateway, SHOP, "POST", "content-type");
            assertThat(corsHeaders(preflight)).isEmpty();
        }
    }

    @Test
    void allowedOrigin_mayReadResponses_alsoErrors() {
        try (HttpGateway gateway =
                new HttpGateway(Cors.of(List.of("HTTPS://shop.example:443", "http://localhost:3000")))) {
            HttpResponse<String> response = get(gateway, SHOP);

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().allValues("access-control-allow-origin"))
                    .containsExactly(SHOP);
            assertThat(response.headers().allValues("vary")).containsExactly("Origin");
            assertThat(list(response, "access-control-expose-headers"))
                    .contains("*", "grpc-status", "grpc-message", "x-call-id", "middleware-instance");
            assertThat(response.headers().map()).doesNotContainKey("access-control-allow-credentials");
            assertThat(get(gateway, "http://localhost:3000").headers().allValues("access-control-allow-origin"))
                    .containsExactly("http://localhost:3000");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example",
                "http://shop.example",
                "https://shop.example:8443",
                "https://shop.example.evil.example",
                "https://SHOP.example",
                "null",
                ""
            })
    void otherOrigin_getsNoAllowance(String origin) {
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of(SHOP)))) {
            HttpResponse<String> response = get(gateway, origin);

            assertThat(corsHeaders(response)).isEmpty();
            assertThat(response.headers().allValues("vary")).as("for caches").containsExactly("Origin");
            assertThat(corsHeaders(preflight(gateway, origin, "POST", "content-type")))
                    .isEmpty();
        }
    }

    @Test
    void everyOrigin_isAllowedByAnAsterisk() {
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of("*")))) {
            HttpResponse<String> response = get(gateway, "null");

            assertThat(response.headers().allValues("access-control-allow-origin"))
                    .containsExactly("*");
            assertThat(response.headers().map()).as("equal for all").doesNotContainKey("vary");
        }
    }

    @Test
    void preflight_allowsAllThatTheProtocolsNeed() {
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of(SHOP)))) {
            HttpResponse<String> response =
                    preflight(gateway, SHOP, "REPORT", "content-type,x-tenant, Connect-Timeout-Ms,b@d,,x-evil\tname");

            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(response.body()).isEmpty();
            assertThat(response.headers().map()).doesNotContainKeys("content-length", "content-type");
            assertThat(response.headers().allValues("access-control-allow-origin"))
                    .containsExactly(SHOP);
            assertThat(response.headers().allValues("access-control-max-age")).containsExactly("7200");
            assertThat(list(response, "access-control-allow-methods"))
                    .containsExactlyInAnyOrder("get", "head", "post", "put", "patch", "delete", "report");
            assertThat(list(response, "access-control-allow-headers"))
                    .contains(
                            "content-type",
                            "connect-protocol-version",
                            "connect-timeout-ms",
                            "x-grpc-web",
                            "grpc-timeout",
                            "x-user-agent",
                            "idempotency-key",
                            "authorization",
                            "x-tenant")
                    .doesNotContain("b@d", "");
            assertThat(list(response, "vary"))
                    .containsExactlyInAnyOrder(
                            "origin", "access-control-request-method", "access-control-request-headers");
            assertThat(response.headers().map())
                    .doesNotContainKeys("access-control-allow-private-network", "access-control-allow-credentials")
                    .containsKey("middleware-gateway");
        }
    }

    @Test
    void options_thatIsNoPreflight_isOrdinary() {
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of(SHOP)))) {
            HttpResponse<String> response = gateway.send(gateway.request("/nothing")
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("Origin", SHOP));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().allValues("access-control-allow-origin"))
                    .containsExactly(SHOP);
        }
    }

    /** The framework refuses it, before the ingress sees it. */
    @Test
    void refusalOfWhatIsNoRequest_mayBeReadToo() throws IOException {
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of(SHOP)));
                Socket caller = new Socket("127.0.0.1", gateway.port())) {
            caller.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: a b\r\nOrigin: " + SHOP + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            String response = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(response.toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 400")
                    .contains("access-control-allow-origin: " + SHOP);
        }
    }

    /** A browser refuses a response with two allowances. */
    @Test
    void headersOfServers_giveNoAllowance() {
        LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        try (HttpGateway gateway = new HttpGateway(Cors.of(List.of(SHOP)))
                .register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE)) {
            await().until(gateway.schemas()::settled);
            HttpResponse<String> response =
                    gateway.send(gateway.request("/v1/shelves/1/books/2").GET().header("Origin", SHOP));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().allValues("access-control-allow-origin"))
                    .containsExactly(SHOP);
        } finally {
            library.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example",
        "https://shop.example/",
        "https://shop.example/path",
        "https://*.example",
        "https://user@shop.example",
        "https://shop.example:",
        "null",
        "**"
    })
    void wrongOrigin_isRefusedInASentence(String origin) {
        assertThatThrownBy(() -> Cors.of(List.of(origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("http.allowed-origins: " + origin + " (expected: a scheme and a host");
    }

    @Test
    void asteriskBesideOrigins_isRefused() {
        assertThatThrownBy(() -> Cors.of(List.of("*", SHOP)))
                .hasMessage("http.allowed-origins: *," + SHOP + " (expected: * alone, or origins)");
    }

    private static HttpResponse<String> get(HttpGateway gateway, String origin) {
        return gateway.send(gateway.request("/nothing").GET().header("Origin", origin));
    }

    private static HttpResponse<String> preflight(HttpGateway gateway, String origin, String method, String headers) {
        return gateway.send(gateway.request("/hello.v1.HelloService/SayHello")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Private-Network", "true")
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers));
    }

    private static Set<String> corsHeaders(HttpResponse<?> response) {
        Set<String> names = new TreeSet<>(response.headers().map().keySet());
        names.removeIf(name -> !name.startsWith("access-control-"));
        return names;
    }

    private static List<String> list(HttpResponse<?> response, String name) {
        return response.headers().allValues(name).stream()
                .flatMap(value -> List.of(value.toLowerCase(Locale.ROOT).split(", ")).stream())
                .toList();
    }
}
