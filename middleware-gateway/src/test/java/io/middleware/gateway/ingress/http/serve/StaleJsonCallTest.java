package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.library.LibraryServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stale responses by HTTP: a real server that dies, and a real client. */
@Tag("slow")
class StaleJsonCallTest {
    private static final String GET_BOOK = "/library.v1.Library/GetBook";

    private final LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
    private final HttpGateway gateway = new HttpGateway(
            new StaleResponses.Policy(Set.of(), Set.of(LibraryServer.GRPC_SERVICE), List.of("echo"), 1 << 16));

    @BeforeEach
    void start() {
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        gateway.close();
        library.close();
    }

    @Test
    void whenTheServerIsDead_theStaleResponseIsGiven_andSaysThatItIsStale() {
        assertThat(gateway.get("/v1/books/1").headers().firstValue("middleware-fallback"))
                .isEmpty();
        library.stop();

        HttpResponse<String> response = gateway.get("/v1/books/1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"name\":\"1\"}");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValue("middleware-fallback")).hasValue("stale");
        assertThat(number(response, "age")).isBetween(0L, 30L);
        assertThat(number(response, "middleware-attempts")).isGreaterThan(1);
        assertThat(response.headers().firstValue("middleware-gateway")).hasValue("gateway-1");
        assertThat(response.headers().firstValue("middleware-instance"))
                .as("no instance responded")
                .isEmpty();
    }

    @Test
    void ageTellsForHowLongNoServerHasGivenAResponse() {
        gateway.get("/v1/books/1");
        library.stop();
        gateway.pass(Duration.ofMinutes(2));

        HttpResponse<String> response = gateway.get("/v1/books/1");

        assertThat(response.body()).isEqualTo("{\"name\":\"1\"}");
        assertThat(number(response, "age")).isBetween(120L, 150L);
    }

    @Test
    void ofAServiceThatIsGone_nothingIsGiven() {
        gateway.get("/v1/books/1");
        gateway.deregisterAll();

        // its mappings go a moment after its instances
        await().until(
                        () -> {
                            HttpResponse<String> response = gateway.get("/v1/books/1");
                            assertThat(response.headers().firstValue("middleware-fallback"))
                                    .isEmpty();
                            return response.statusCode();
                        },
                        status -> status == 404);
    }

    @Test
    void oneRequest_canBeWrittenInSeveralWays() {
        gateway.get("/v1/books/1");
        library.stop();

        assertThat(gateway.post(GET_BOOK, "{\"name\":\"1\"}").body()).isEqualTo("{\"name\":\"1\"}");
    }

    @Test
    void anotherRequest_getsNoStaleResponse() {
        gateway.post(GET_BOOK, "{\"name\":\"1\"}", "Echo", "a");
        library.stop();

        assertThat(gateway.post(GET_BOOK, "{\"name\":\"2\"}", "Echo", "a").statusCode())
                .isEqualTo(503);
        assertThat(gateway.post(GET_BOOK, "{\"name\":\"1\"}", "Echo", "b").statusCode())
                .isEqualTo(503);
        assertThat(gateway.post(GET_BOOK, "{\"name\":\"1\"}", "Echo", "a", "Authorization", "Bearer x")
                        .statusCode())
                .isEqualTo(503);
        HttpResponse<String> response = gateway.post(GET_BOOK, "{\"name\":\"1\"}", "Echo", "a", "Other", "x");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("trailer-echo"))
                .as("the metadata of the response itself")
                .hasValue("a");
    }

    @Test
    void responseToARequestWithACookie_isNotKept() {
        gateway.post(GET_BOOK, "{\"name\":\"1\"}", "Cookie", "session=x");
        library.stop();
        HttpResponse<String> response = gateway.post(GET_BOOK, "{\"name\":\"1\"}");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("middleware-fallback")).isEmpty();
        assertThat(response.headers().firstValue("age")).isEmpty();
    }

    private static long number(HttpResponse<String> response, String header) {
        return response.headers().firstValueAsLong(header).orElseThrow();
    }
}
