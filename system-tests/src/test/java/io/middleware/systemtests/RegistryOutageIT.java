package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** What callers see of Consul's bad days, a server or a gateway having its own at the same time: nothing. */
@ExtendWith(RunningStack.class)
class RegistryOutageIT {

    /** Longer than the 4 s for which Consul believes a heartbeat. */
    private static final Duration OUTAGE = Duration.ofSeconds(6);

    private static final Duration MOMENT = Duration.ofSeconds(10);
    private static final String CONSUL = "http://127.0.0.1:" + (8500 + Stack.OFFSET);

    private final Stack stack;
    private BackgroundCalls calls;

    RegistryOutageIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        calls.close();
        stack.up();
    }

    @Test
    void consulKilledAndBackWithItsData_nothingIsLostAndANewServerIsFound() throws Exception {
        calls = new BackgroundCalls();
        stack.runs("kill", "hello-service-3");
        stack.runs("kill", "consul");
        stack.runs("kill", "hello-service-1");
        stack.runs("start", "hello-service-3");
        pass(OUTAGE);

        stack.runs("start", "consul");

        awaitAnswerBy("middleware-instance", "hello-service-3");
        calls.endWithNothingLost();
    }

    @Test
    void consulFrozen_nothingIsLost() throws Exception {
        calls = new BackgroundCalls();
        stack.runs("pause", "consul");
        stack.runs("kill", "hello-service-2");
        pass(OUTAGE);

        stack.runs("resume", "consul");

        pass(Duration.ofSeconds(2));
        calls.endWithNothingLost();
    }

    @Test
    void consulForgetsEveryone_nothingIsLostWhileTheyComeBackOneByOne() throws Exception {
        calls = new BackgroundCalls();
        for (String id : services()) {
            consul(HttpRequest.newBuilder(URI.create(CONSUL + "/v1/agent/service/deregister/" + id))
                    .PUT(BodyPublishers.noBody()));
        }

        Awaitility.await("all are back").atMost(MOMENT).until(() -> services().size() == 6);
        calls.endWithNothingLost();
    }

    /**
     * In containers a call may find that this gateway is gone as the list of gateways changes: then Nginx has no second
     * try for it.
     */
    @Test
    void gatewayStartedWhileConsulIsAway_getsNoCallsUntilItIsBack() throws Exception {
        calls = BackgroundCalls.asTheManualWantsThem();
        stack.runs("kill", "consul");
        stack.runs("stop", "gateway-1");
        CompletableFuture<Shell.Result> start = CompletableFuture.supplyAsync(() -> stack.run("start", "gateway-1"));
        pass(OUTAGE);
        assertThat(start).as("it is not ready").isNotDone();

        stack.runs("start", "consul");

        assertThat(start.get(1, TimeUnit.MINUTES).exit()).isZero();
        awaitAnswerBy("middleware-gateway", "gateway-1");
        calls.endWithNothingLost();
    }

    private void awaitAnswerBy(String header, String name) {
        Awaitility.await(name + " answers")
                .atMost(MOMENT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> stack.get("/hello")
                        .headers()
                        .firstValue(header)
                        .filter(name::equals)
                        .isPresent());
    }

    /** The ids that Consul has. */
    private static Collection<String> services() throws IOException, InterruptedException {
        String answer = consul(HttpRequest.newBuilder(URI.create(CONSUL + "/v1/agent/services")));
        return new JsonMapper().readTree(answer).propertyNames();
    }

    private static String consul(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString()).body();
        }
    }

    /** An outage is nothing but time that passes. */
    private static void pass(Duration duration) {
        Awaitility.await().pollDelay(duration).atMost(duration.multipliedBy(2)).until(() -> true);
    }
}
