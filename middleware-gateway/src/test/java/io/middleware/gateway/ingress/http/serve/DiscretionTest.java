package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers learn of instances and routes, by default and where they may know them. */
class DiscretionTest {
    private static final String ECHO = "/library.v1.Library/Echo";

    private HttpGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unavailable_namesInstancesOnlyToThoseWhoMayKnowThem(boolean details) throws IOException {
        gateway = new HttpGateway(details);
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            assertThat(gateway.post(ECHO, "{}")
                            .headers()
                            .firstValue("middleware-instance")
                            .isPresent())
                    .isEqualTo(details);
        }
        HttpResponse<String> error = gateway.post(ECHO, "{}");

        assertThat(error.statusCode()).isEqualTo(503);
        assertThat(error.body()).contains("service gave no response");
        assertThat(error.body().contains("library-1")).isEqualTo(details);
        assertThat(error.headers().firstValue("middleware-attempts")).isPresent();
        assertThat(error.headers().firstValue("middleware-tried"))
                .hasValueSatisfying(tried ->
                        assertThat(tried).startsWith(details ? "library-1 (primary): " : "unsent: UNAVAILABLE"));
        assertThat(error.headers().firstValue("middleware-gateway")).hasValue("gateway-1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unknownPath_listsRoutesOnlyToThoseWhoMayKnowThem(boolean details) {
        gateway = new HttpGateway(details);
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            assertThat(gateway.get("/nowhere").body())
                    .contains("no method and no HTTP mapping matches")
                    .satisfies(
                            body -> assertThat(body.contains("GET /v1/books")).isEqualTo(details));
            assertThat(gateway.post("/library.v1.Library/Nothing", "{}").body())
                    .contains("library.v1.Library has no such method")
                    .satisfies(body -> assertThat(body.contains("Echo")).isEqualTo(details));
        }
    }

    @Test
    void methodsNotDescribedYet_nameNoInstance() throws IOException {
        gateway = new HttpGateway(false);
        try (ServerSocket silent = new ServerSocket(0)) {
            gateway.register("silent-1", silent.getLocalPort(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);

            HttpResponse<String> error = gateway.post(ECHO, "{}");
            assertThat(error.statusCode()).isEqualTo(503);
            assertThat(error.body()).contains("library.v1.Library").doesNotContain("silent-1");
        }
    }
}
