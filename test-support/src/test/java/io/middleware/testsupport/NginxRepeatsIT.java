package io.middleware.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The configuration of this project, in a real Nginx: which calls that failed it begins anew. Nginx tries three
 * gateways and asks the one that works, a backup, only when it begins anew: then it leaves the three out, as they have
 * just failed.
 */
@Execution(ExecutionMode.CONCURRENT)
class NginxRepeatsIT {

    private static final String BODY = "{\"message\":\"Hello\"}";

    private final int port = FreePorts.next();
    private final int grpcPort = FreePorts.next();
    private final List<String> answered = new CopyOnWriteArrayList<>();
    private final List<String> resentTimes = new CopyOnWriteArrayList<>();
    private final HttpClient caller = HttpClient.newHttpClient();

    private HttpServer works;

    @BeforeEach
    void startGateway() throws IOException {
        works = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        works.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            List<String> times = exchange.getRequestHeaders().getOrDefault("Middleware-Resent", List.of());
            resentTimes.addAll(times);
            String resent = times.isEmpty() ? "" : " resent";
            String forged = exchange.getRequestHeaders().containsKey("Middleware-Client-Certificate") ? " forged" : "";
            answered.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip()
                    + resent
                    + forged);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        works.start();
    }

    @AfterEach
    void stopGateway() {
        works.stop(0);
        caller.close();
    }

    @Test
    void post_isBegunAnew_whenNoGatewayTookAConnection() throws Exception {
        try (NginxServer nginx = nginx(closed(), closed(), closed())) {
            assertThat(post().statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).containsExactly("POST /hello?a=b " + BODY);
        }
    }

    @Test
    void post_keepsItsPatience_whenBegunAnew() throws Exception {
        try (NginxServer nginx = nginx(closed(), closed(), closed())) {
            assertThat(send(request().POST(BodyPublishers.ofString(BODY)).header("Connect-Timeout-Ms", "30000"))
                            .statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
        }
    }

    @Test
    void get_isBegunAnew_whateverTheGatewaysGot() throws Exception {
        try (BreakingGateway first = new BreakingGateway();
                BreakingGateway second = new BreakingGateway();
                BreakingGateway third = new BreakingGateway();
                NginxServer nginx = nginx(first.port(), second.port(), third.port())) {
            assertThat(send(request().GET()).statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).as("its gateway knows that it may have run").containsExactly("GET /hello?a=b resent");
            assertThat(first.connections() + second.connections() + third.connections())
                    .isEqualTo(3);
        }
    }

    @Test
    void get_thatNoGatewayGot_isSentForTheFirstTime() throws Exception {
        try (VanishedGateway vanished = new VanishedGateway();
                NginxServer nginx = nginx(closed(), vanished.port(), closed())) {
            assertThat(send(request().GET().header("Middleware-Resent", "yes")).statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
            assertThat(answered).containsExactly("GET /hello?a=b");
        }
    }

    @Test
    void get_isTriedSixTimesAtMost() throws Exception {
        works.stop(0);
        try (BreakingGateway breaking = new BreakingGateway();
                NginxServer nginx = ProjectNginx.start(
                        port, grpcPort, "server 127.0.0.1:%d max_fails=0;".formatted(breaking.port()))) {
            assertThat(send(request().GET()).statusCode()).as(nginx.log()).isEqualTo(502);
            assertThat(breaking.connections()).isEqualTo(6);
        }
    }

    /** As while the list of gateways that are ready is empty, and one of those that run is not ready. */
    @Test
    void gets_areAnsweredByTheBackupThatWorks_whereAnotherIsDead() throws Exception {
        String servers = "server 127.0.0.1:%d max_fails=1 fail_timeout=1h; ".formatted(closed())
                + IntStream.of(closed(), closed(), works.getAddress().getPort())
                        .mapToObj("server 127.0.0.1:%d backup max_fails=0;"::formatted)
                        .collect(Collectors.joining(" "));
        int calls = 200;
        try (NginxServer nginx = ProjectNginx.start(port, grpcPort, servers)) {
            List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, calls)
                    .mapToObj(call -> caller.sendAsync(request().GET().build(), BodyHandlers.ofString()))
                    .toList();
            assertThat(responses)
                    .extracting(response -> response.get(20, TimeUnit.SECONDS).statusCode())
                    .as(nginx.log())
                    .containsOnly(200);
            assertThat(answered).hasSize(calls);
        }
    }

    @Test
    void get_isAnswered_whereTheBackupsHaveJustFailed() throws Exception {
        int late = closed();
        String servers = "server 127.0.0.1:%d max_fails=1 fail_timeout=1h; ".formatted(closed())
                + "server 127.0.0.1:%d backup max_fails=0; ".formatted(closed())
                + "server 127.0.0.1:%d backup max_fails=0;".formatted(late);
        try (NginxServer nginx = ProjectNginx.start(port, grpcPort, servers)) {
            assertThat(send(request().GET()).statusCode()).as(nginx.log()).isEqualTo(502);
            HttpServer starts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), late), 0);
            starts.createContext("/", exchange -> {
                answered.add(exchange.getRequestHeaders().getFirst("Middleware-Resent"));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            starts.start();
            try {
                assertThat(send(request().GET()).statusCode()).as(nginx.log()).isEqualTo(200);
                assertThat(answered)
                        .as("its gateway takes it for one that may have run")
                        .containsExactly("yes");
            } finally {
                starts.stop(0);
            }
        }
    }

    /** A frozen gateway says nothing for 5 s; one that is only slow says where its response can be collected. */
    @Test
    void get_isCollectedAtTheGatewayThatDeferredIt_howeverLongThatTakes() throws Exception {
        try (DeferringGateway slow = new DeferringGateway(Duration.ofSeconds(6));
                NginxServer nginx = nginx(closed(), slow.port())) {
            HttpResponse<String> response = send(request().header("Middleware-Deferred", "another's"));
            assertThat(response.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("late");
            assertThat(response.headers().firstValue("X-Accel-Redirect")).isEmpty();
            assertThat(slow.offered()).hasSize(1);
            assertThat(slow.collected()).isEqualTo(slow.offered());
            assertThat(answered).isEmpty();
        }
    }

    @Test
    void get_isSentElsewhere_whereTheGatewayThatDeferredItEnds() throws Exception {
        try (DeferringGateway ends = new DeferringGateway(null);
                NginxServer nginx = nginx(ends.port())) {
            assertThat(send(request()).statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).containsExactly("GET /hello?a=b resent");
        }
    }

    @Test
    void call_thatNeedsNoSuchPromise_isNotOffered() throws Exception {
        try (DeferringGateway slow = new DeferringGateway(Duration.ZERO);
                NginxServer nginx = nginx(slow.port())) {
            HttpResponse<String> response =
                    send(request().POST(BodyPublishers.ofString(BODY)).header("Middleware-Defer", "1"));
            assertThat(response.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(response.body())
                    .as("what a server calls X-Accel-Redirect is nothing to Nginx")
                    .isEmpty();
            assertThat(slow.offered()).isEmpty();
            assertThat(slow.collected()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30_000, 60_000})
    void largeHeaders_passBothWays(int size) throws Exception {
        String large = "x".repeat(size);
        works.removeContext("/");
        works.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .set("Seen", exchange.getRequestHeaders().getFirst("Large"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        try (NginxServer nginx = nginx(closed())) {
            HttpResponse<String> response = send(request().header("Large", large));
            assertThat(response.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(response.headers().firstValue("Seen").orElseThrow()).isEqualTo(large);
        }
    }

    @Test
    void headerThatIsTooLarge_isRefusedInWordsThatSaySo() throws Exception {
        try (NginxServer nginx = nginx(closed())) {
            HttpResponse<String> response = send(request().header("Large", "x".repeat(70_000)));
            assertThat(response.statusCode()).as(nginx.log()).isEqualTo(431);
            assertThat(response.body()).contains("\"status\":431").contains("A header may have 64 KB at most");
            assertThat(answered).isEmpty();
        }
    }

    @Test
    void get_isMovedFromASilentGateway_unlessItAnnouncesALaterDeadline() throws Exception {
        try (SilentGateway silent = new SilentGateway();
                NginxServer nginx = nginx(silent.port())) {
            CompletableFuture<HttpResponse<String>> waits = caller.sendAsync(
                    request().header("Connect-Timeout-Ms", "4001").build(), BodyHandlers.ofString());
            assertThat(silent.awaitRequest()).isTrue();
            HttpResponse<String> moved = send(request().header("Connect-Timeout-Ms", "4000"));
            assertThat(silent.awaitRequest()).as("it had that one too").isTrue();
            silent.answer();

            assertThat(moved.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).containsExactly("GET /hello?a=b resent");
            assertThat(waits.join().body()).isEqualTo("late");
        }
    }

    @Test
    void post_isNotSentAgain_afterAGatewayGotIt() throws Exception {
        try (BreakingGateway breaking = new BreakingGateway();
                NginxServer nginx = nginx(closed(), breaking.port(), closed())) {
            HttpResponse<String> answer = post();
            assertThat(answer.statusCode()).as(nginx.log()).isEqualTo(502);
            assertThat(answer.body()).contains("\"status\":502").contains("No gateway could be reached");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(breaking.connections()).isEqualTo(1);
            assertThat(answered).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 100", "POST, 30000", "PATCH, 100", "PUT, 100", "PUT, 10000", "DELETE, 100", "DELETE, 30000"})
    void callWithAKey_isSentAgain_afterAGatewayGotIt(String method, String deadline) throws Exception {
        try (BreakingGateway first = new BreakingGateway();
                BreakingGateway second = new BreakingGateway();
                NginxServer nginx = nginx(first.port(), second.port())) {
            HttpResponse<String> answer = send(keyed(method).header("Connect-Timeout-Ms", deadline));
            assertThat(answer.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered)
                    .as("its gateway knows that it may have run")
                    .containsExactly(method + " /hello?a=b " + BODY + " resent");
        }
    }

    @Test
    void callWithAKey_thatNoGatewayGot_isSentForTheFirstTime() throws Exception {
        try (VanishedGateway vanished = new VanishedGateway();
                NginxServer nginx = nginx(closed(), vanished.port(), closed())) {
            assertThat(send(keyed("POST")).statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).containsExactly("POST /hello?a=b " + BODY);
        }
    }

    /** A caller that repeats a call by itself says so, and gateways cannot know it otherwise. */
    @Test
    void callWithAKey_thatItsCallerSendsAgain_saysSo_andHowLongAgo() throws Exception {
        try (NginxServer nginx = nginx(closed())) {
            assertThat(send(keyed("POST").header("Middleware-Resent", "1.250")).statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
            assertThat(resentTimes).containsExactly("1.250");
        }
    }

    @Test
    void callWithAKey_thatItsCallerAndNginxSendAgain_tellsBothTimes() throws Exception {
        try (BreakingGateway first = new BreakingGateway();
                NginxServer nginx = nginx(first.port())) {
            assertThat(send(keyed("POST").header("Middleware-Resent", "1.250")).statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
            assertThat(resentTimes).singleElement().asString().matches("1\\.250 \\d\\.\\d{3}");
        }
    }

    @Test
    void keyWithColons_isNoWordOfItsCaller() throws Exception {
        try (NginxServer nginx = nginx(closed())) {
            for (String key : List.of("order:123", "\"a:b\"", "urn:uuid:1:", ":", "a:")) {
                assertThat(send(request().POST(BodyPublishers.ofString(BODY)).header("Idempotency-Key", key))
                                .statusCode())
                        .as(nginx.log())
                        .isEqualTo(200);
            }
            assertThat(resentTimes).isEmpty();
        }
    }

    /** Nobody could recognise it, so that the word would only keep it from being run. */
    @Test
    void callWithoutAKey_thatItsCallerSendsAgain_isLikeAnyOther() throws Exception {
        try (NginxServer nginx = nginx(closed())) {
            assertThat(send(request().POST(BodyPublishers.ofString(BODY)).header("Middleware-Resent", "1.250"))
                            .statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
            assertThat(resentTimes).isEmpty();
        }
    }

    @Test
    void callWithAKey_isCollectedAtTheGatewayThatDeferredIt() throws Exception {
        try (DeferringGateway slow = new DeferringGateway(Duration.ofSeconds(6));
                NginxServer nginx = nginx(closed(), slow.port())) {
            HttpResponse<String> response = send(keyed("POST"));
            assertThat(response.statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("late");
            assertThat(slow.collected()).isEqualTo(slow.offered());
            assertThat(answered).isEmpty();
        }
    }

    @Test
    void callWithAKey_isMovedFromASilentGateway() throws Exception {
        try (SilentGateway silent = new SilentGateway();
                NginxServer nginx = nginx(silent.port())) {
            assertThat(send(keyed("POST")).statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).containsExactly("POST /hello?a=b " + BODY + " resent");
        }
    }

    private HttpRequest.Builder keyed(String method) {
        return request().method(method, BodyPublishers.ofString(BODY)).header("Idempotency-Key", "key-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PURGE"})
    void otherMethod_isNotSentAgain_afterAGatewayGotIt(String method) throws Exception {
        try (BreakingGateway first = new BreakingGateway();
                BreakingGateway second = new BreakingGateway();
                NginxServer nginx = nginx(first.port(), second.port())) {
            for (String deadline : List.of("100", "30000")) {
                HttpResponse<String> answer = send(
                        request().method(method, BodyPublishers.ofString(BODY)).header("Connect-Timeout-Ms", deadline));
                assertThat(answer.statusCode()).as(nginx.log()).isEqualTo(502);
                assertThat(answer.body()).contains("\"status\":502");
            }
            assertThat(first.connections() + second.connections())
                    .as("of two calls")
                    .isEqualTo(2);
            assertThat(answered).isEmpty();
        }
    }

    @Test
    void methodWithoutABody_isNotSentAgainEither() throws Exception {
        try (BreakingGateway breaking = new BreakingGateway();
                NginxServer nginx = nginx(breaking.port())) {
            assertThat(send(request().DELETE()).statusCode()).as(nginx.log()).isEqualTo(502);
            assertThat(answered).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PURGE"})
    void otherMethod_isAnsweredByAnotherGateway_whereNoneGotIt(String method) throws Exception {
        try (VanishedGateway vanished = new VanishedGateway();
                NginxServer nginx = nginx(closed(), vanished.port())) {
            assertThat(send(request().method(method, BodyPublishers.ofString(BODY)))
                            .statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
            assertThat(answered).containsExactly(method + " /hello?a=b " + BODY);
        }
    }

    @Test
    void otherMethod_keepsItsPatience_whenBegunAnew() throws Exception {
        try (NginxServer nginx = nginx(closed())) {
            assertThat(send(request().PUT(BodyPublishers.ofString(BODY)).header("Connect-Timeout-Ms", "30000"))
                            .statusCode())
                    .as(nginx.log())
                    .isEqualTo(200);
        }
    }

    @Test
    void gatewaysThatTakeNoConnection_areATimeOut() throws Exception {
        works.stop(0);
        try (VanishedGateway one = new VanishedGateway();
                NginxServer nginx =
                        ProjectNginx.start(port, grpcPort, "server 127.0.0.1:%d max_fails=0;".formatted(one.port()))) {
            HttpResponse<String> answer = send(request().PUT(BodyPublishers.ofString(BODY)));
            assertThat(answer.statusCode()).as(nginx.log()).isEqualTo(504);
            assertThat(answer.body()).contains("\"status\":504").contains("did not respond in time");
        }
    }

    @Test
    void call_isBegunAnewOnlyOnce() throws Exception {
        works.stop(0);
        try (NginxServer nginx = nginx(closed(), closed(), closed())) {
            assertThat(post().statusCode()).isEqualTo(502);
            send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/last"))
                    .GET());
            // a container's log arrives late, but in order
            Awaitility.await().until(() -> nginx.log().contains("GET /last"));
            assertThat(nginx.log().lines().filter(line -> line.contains("refused") && line.contains("POST /hello")))
                    .hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET:1000:application/json",
                "GET:30000:text/event-stream",
                "POST:1000:application/json",
                "POST:30000:application/json",
                "POST:1000:application/x-ndjson",
                "PUT:1000:application/json",
                "PUT:30000:application/json"
            })
    void certificateThatACallerClaims_isRemoved(String call) throws Exception {
        String[] kind = call.split(":");
        try (NginxServer nginx = nginx(closed())) {
            HttpRequest.Builder request = request()
                    .method(kind[0], kind[0].equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(BODY))
                    .header("Connect-Timeout-Ms", kind[1])
                    .header("Accept", kind[2])
                    .header("Content-Type", kind[2])
                    .header("Middleware-Client-Certificate", "another's");
            assertThat(send(request).statusCode()).as(nginx.log()).isEqualTo(200);
            assertThat(answered).singleElement().asString().doesNotContain("forged");
        }
    }

    private HttpResponse<String> post() throws IOException, InterruptedException {
        return send(request().POST(BodyPublishers.ofString(BODY)));
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello?a=b"))
                .timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return caller.send(request.build(), BodyHandlers.ofString());
    }

    private static int closed() {
        return FreePorts.next();
    }

    private NginxServer nginx(int... gateways) throws IOException {
        Stream<String> failing = IntStream.of(gateways)
                .mapToObj(gateway -> "server 127.0.0.1:%d max_fails=1 fail_timeout=1h;".formatted(gateway));
        String servers = failing.collect(Collectors.joining(" "))
                + " server 127.0.0.1:%d backup max_fails=0;"
                        .formatted(works.getAddress().getPort());
        return ProjectNginx.start(port, grpcPort, servers);
    }
}
