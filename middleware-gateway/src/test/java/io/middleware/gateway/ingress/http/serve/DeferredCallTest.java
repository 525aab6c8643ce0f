package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Nginx and a gateway agree on for calls that are slow, and for those that another gateway had before. */
@Tag("slow")
class DeferredCallTest {
    private static final String WAIT = "/library.v1.Library/Wait";

    private LibraryServer library;
    private HttpGateway gateway;

    @BeforeEach
    void start() {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway = new HttpGateway().register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        gateway.close();
        library.close();
    }

    @Test
    void quickResponse_comesAtOnce() {
        HttpResponse<String> response = gateway.send(
                gateway.request("/v1/books/a").header("middleware-defer", "1").header("x-call-id", "my-call"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"name\":\"a\"}");
        assertThat(response.headers().firstValue("x-accel-redirect")).isEmpty();
        assertThat(response.headers().allValues("x-call-id")).containsExactly("my-call");
        assertThat(response.headers().firstValue("middleware-attempts")).hasValue("1");
        assertThat(response.headers().firstValue("headers-seen"))
                .hasValueSatisfying(seen -> assertThat(seen).doesNotContain("middleware-"));
    }

    @Test
    void slowResponse_isCollectedUnderTheIdThatWasOffered() throws Exception {
        gateway.drain();
        HttpResponse<String> first = wait("1s", "1");
        String callId = first.headers().firstValue("x-call-id").orElseThrow();
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-accel-redirect")).hasValue("@deferred");

        HttpResponse<String> second = collect("1");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo("{}");
        assertThat(second.headers().firstValue("middleware-attempts")).hasValue("1");
        assertThat(second.headers().allValues("x-call-id")).containsExactly(callId);
        assertThat(second.headers().allValues("middleware-gateway")).containsExactly("gateway-1");
        assertThat(second.headers().firstValue("content-type")).hasValue("application/json");

        // it is dropped when its last byte was written, which the caller may have read before
        await("it is gone").until(() -> collect("1").statusCode() == 503);
    }

    @Test
    void gatewayThatDrains_defersTheCallsThatItHas() throws Exception {
        var response = gateway.sendAsync(gateway.json(WAIT, "{\"time\":\"1s\"}").header("middleware-defer", "1"));
        assertThat(library.awaitWaiting()).isTrue();
        gateway.drain();

        assertThat(response.join().headers().firstValue("x-accel-redirect")).hasValue("@deferred");
        assertThat(collect("1").body()).isEqualTo("{}");
    }

    @Test
    void callerThatLeavesWhileTheResponseIsDeferred_cancelsTheCall() throws Exception {
        gateway.drain();
        wait("60s", "1");
        try (Socket collecting = new Socket("127.0.0.1", gateway.port())) {
            collecting
                    .getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nmiddleware-deferred: 1\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(library.awaitCancelled()).isTrue();
    }

    @Test
    void responseThatIsNoMore_isUnavailable() {
        HttpResponse<String> response = collect("unknown");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"unavailable\"").contains("may have been executed");
    }

    @Test
    void callThatAnotherGatewayHad_runsAgainOnlyWhereItIsIdempotent() {
        assertThat(gateway.send(resent("/v1/books/a")).body()).isEqualTo("{\"name\":\"a\"}");

        HttpResponse<String> unmarked = gateway.send(resent("/v1/files/a"));
        assertThat(unmarked.statusCode()).isEqualTo(503);
        assertThat(unmarked.body()).contains("\"unavailable\"").contains("may already have run and is not idempotent");
        assertThat(unmarked.headers().firstValue("middleware-attempts")).isEmpty();
    }

    /** The server gives the header back twice, before and after its reply. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 20_000, 32_000})
    void metadataUpTo64KiB_reachesTheCaller(int size) {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/files/a").header("echo", "x".repeat(size)));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("echo-seen").orElseThrow()).hasSize(size);
        assertThat(response.headers().firstValue("trailer-echo").orElseThrow()).hasSize(size);
    }

    @Test
    void moreMetadataThanNginxPasses_failsTheCallInWordsThatSaySo() {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/files/a").header("echo", "x".repeat(33_000)));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).contains("\"resource_exhausted\"").contains("metadata is larger than 64 KiB");
    }

    private HttpResponse<String> wait(String time, String id) {
        return gateway.send(gateway.json(WAIT, "{\"time\":\"" + time + "\"}").header("middleware-defer", id));
    }

    private HttpResponse<String> collect(String id) {
        return gateway.send(gateway.request("/").header("middleware-deferred", id));
    }

    private HttpRequest.Builder resent(String path) {
        return gateway.request(path).header("middleware-resent", "yes");
    }
}
