package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the commands on one part promise. */
@ExtendWith(RunningStack.class)
class PartsIT {

    private final Stack stack;

    PartsIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    @Test
    void status_describesEveryPart() {
        JsonNode status = stack.status();
        assertThat(status.get("mode").asString()).isEqualTo(Stack.MODE.toString());
        assertThat(status.get("http").asString()).isEqualTo(Stack.HTTP);
        assertThat(status.get("grpc").asString()).isEqualTo("127.0.0.1:" + Stack.GRPC_PORT);
        assertThat(status.get("consul").asString()).isEqualTo("http://127.0.0.1:" + (8500 + Stack.OFFSET));
        Map<String, String> kinds = StreamSupport.stream(status.get("parts").spliterator(), false)
                .collect(Collectors.toMap(
                        part -> part.get("name").asString(),
                        part -> part.get("kind").asString()));
        assertThat(kinds)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "consul",
                        "consul",
                        "database",
                        "database",
                        "nginx",
                        "nginx",
                        "hello-service-1",
                        "service",
                        "hello-service-2",
                        "service",
                        "hello-service-3",
                        "service",
                        "hello-secondary-1",
                        "service",
                        "gateway-1",
                        "gateway",
                        "gateway-2",
                        "gateway"));
        JsonNode server = stack.part("hello-service-1");
        assertThat(server.get("service").asString()).isEqualTo("hello-service");
        assertThat(server.get("pool").asString()).isEqualTo("primary");
        assertThat(server.get("state").asString()).isEqualTo("running");
        assertThat(server.get("container").isNull()).isEqualTo(Stack.MODE == RunMode.LOCAL);
        assertThat(server.get("pid").isNull()).isEqualTo(Stack.MODE == RunMode.DOCKER);
        int offset = Stack.MODE.isOnThisMachine(server) ? Stack.OFFSET : 0;
        assertThat(server.get("ports").get("grpc").asInt()).isEqualTo(21001 + offset);
        assertThat(server.get("ports").get("management").asInt()).isEqualTo(21101 + offset);
        assertThat(stack.part("gateway-1").get("pool").isNull()).isTrue();
        assertThat(stack.run("status").exit()).isZero();
    }

    @Test
    void killedServer_isDeadUntilStarted() {
        stack.runs("kill", "hello-service-1");
        stack.runs("kill", "hello-service-1");
        assertThat(stack.state("hello-service-1")).isEqualTo("dead");
        assertThat(stack.part("hello-service-1").get("pid").isNull()).isTrue();
        assertThat(stack.run("status").exit()).isEqualTo(3);
        stack.runs("start", "hello-service-1");
        stack.runs("start", "hello-service-1");
        assertThat(stack.state("hello-service-1")).isEqualTo("running");
        assertThat(consul("/v1/health/service/hello-service?passing")).contains("\"ID\":\"hello-service-1\"");
    }

    @Test
    void stoppedServer_leavesConsulAndComesBack() {
        stack.runs("stop", "hello-service-2");
        stack.runs("stop", "hello-service-2");
        assertThat(stack.state("hello-service-2")).isEqualTo("stopped");
        assertThat(consul("/v1/health/service/hello-service")).doesNotContain("\"ID\":\"hello-service-2\"");
        stack.runs("restart", "hello-service-2");
        assertThat(consul("/v1/health/service/hello-service?passing")).contains("\"ID\":\"hello-service-2\"");
    }

    @Test
    void pausedServer_goesOnAsTheSameProcess() {
        String process = Stack.MODE.process(stack.part("hello-service-3"));
        stack.runs("pause", "hello-service-3");
        stack.runs("pause", "hello-service-3");
        assertThat(stack.state("hello-service-3")).isEqualTo("paused");
        assertThat(stack.run("start", "hello-service-3").exit()).isEqualTo(1);
        stack.runs("resume", "hello-service-3");
        stack.runs("resume", "hello-service-3");
        assertThat(stack.state("hello-service-3")).isEqualTo("running");
        assertThat(Stack.MODE.process(stack.part("hello-service-3"))).isEqualTo(process);
    }

    @Test
    void scaledService_hasThatManyServers() {
        stack.runs("scale", "hello-service", "4");
        stack.runs("scale", "hello-service", "4");
        assertThat(stack.state("hello-service-4")).isEqualTo("running");
        assertThat(consul("/v1/health/service/hello-service?passing")).contains("\"ID\":\"hello-service-4\"");
        stack.runs("scale", "hello-service", "3");
        assertThat(consul("/v1/health/service/hello-service")).doesNotContain("\"ID\":\"hello-service-4\"");
        assertThat(stack.run("kill", "hello-service-4").exit()).isEqualTo(2);
        assertThat(stack.run("scale", "hello-service", "none").exit()).isEqualTo(2);
    }

    @Test
    void scaledGateway_getsCalls() {
        stack.runs("scale", "gateway", "3");
        Awaitility.await("the new gateway answers")
                .atMost(Duration.ofSeconds(10))
                .until(() -> stack.get("/hello")
                        .headers()
                        .firstValue("middleware-gateway")
                        .filter("gateway-3"::equals)
                        .isPresent());
        stack.runs("scale", "gateway", "2");
        for (int call = 1; call <= 20; call++) {
            assertThat(stack.get("/hello").body()).as("call %d", call).contains("World");
        }
    }

    @Test
    void killedConsul_keepsItsData() {
        stack.runs("kill", "consul");
        assertThat(stack.get("/hello").body()).contains("World");
        stack.runs("start", "consul");
        assertThat(consul("/v1/catalog/services")).contains("hello-service");
        assertThat(stack.get("/hello").body()).contains("World");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway-1", "nginx"})
    void restartedPart_answersAtOnce(String name) {
        stack.runs("restart", name);
        for (int call = 0; call < 20; call++) {
            assertThat(stack.get("/hello").body()).contains("World");
        }
    }

    @Test
    void unknownName_isWrongUse() {
        Shell.Result result = stack.run("kill", "hello-service-9");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err())
                .contains("hello-service-9")
                .contains("hello-service-1", "gateway-2", "consul", "nginx");
    }

    @Test
    void environmentOfUp_staysThatOfARestartedPart() {
        stack.runs(Map.of("HELLO_WORK", "5s"), "restart", "hello-service-1");
        Awaitility.await("the restarted server answers")
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    long begun = System.nanoTime();
                    HttpResponse<String> answer = stack.get("/hello");
                    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
                    return answer.headers()
                            .firstValue("middleware-instance")
                            .filter("hello-service-1"::equals)
                            .isPresent();
                });
    }

    @Test
    void client_getsItsAnswerThroughTheChain() {
        Shell.Result result = stack.runs("client", "hello");
        assertThat(result.out()).contains("World");
        assertThat(stack.run("client", "no-such-command").exit()).isNotZero();
    }

    @Test
    void logs_showWhatAPartPrinted() {
        assertThat(stack.runs("logs", "hello-service-1").out()).contains("Started HelloServiceApplication");
    }

    private static String consul(String path) {
        return Stack.body("http://127.0.0.1:" + (8500 + Stack.OFFSET) + path);
    }
}
