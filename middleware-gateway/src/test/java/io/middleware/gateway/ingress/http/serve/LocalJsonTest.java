package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The services that the gateway serves itself, called over HTTP. */
class LocalJsonTest {
    private static final String CHECK = "/grpc.health.v1.Health/Check";

    private final HttpGateway gateway = new HttpGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void health_isGivenInJson() {
        try (LibraryServer library = new LibraryServer(0)) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);

            assertThat(gateway.post(CHECK, "{\"service\":\"library.v1.Library\"}")
                            .body())
                    .isEqualTo("{\"status\":\"SERVING\"}");
            assertThat(gateway.post(CHECK, "{}").headers().firstValue("middleware-gateway"))
                    .hasValue("gateway-1");
            assertThat(gateway.post("/grpc.health.v1.Health/List", "{}").body())
                    .contains("\"\":{\"status\":\"SERVING\"}", "\"library.v1.Library\":{\"status\":\"SERVING\"}");
        }
    }

    @Test
    void anUnknownService_isNotFound() {
        HttpResponse<String> unknown = gateway.post(CHECK, "{\"service\":\"no.Such\"}");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("\"not_found\"", "no registered service serves no.Such");
    }

    @Test
    void wrongJson_isRefused_withWhatWasExpected() {
        HttpResponse<String> wrong = gateway.post(CHECK, "{\"service\":1}");

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("field service: 1 (expected: a string)");
    }

    /** Check has no side effects, so that a proxy may send it to another gateway, and it may be a GET. */
    @Test
    void aCheck_mayBeSentAgain() {
        assertThat(gateway.post(CHECK, "{}", "middleware-resent", "1").statusCode())
                .isEqualTo(200);
        assertThat(gateway.get(CHECK + "?encoding=json&message=%7B%7D").body()).isEqualTo("{\"status\":\"SERVING\"}");
    }
}
