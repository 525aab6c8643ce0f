package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How a stack comes up and goes: twice, wrongly, on a taken port, interrupted. */
@ExtendWith(RunningStack.class)
class LifecycleIT {

    private static final String[] SMALL = {
        "up",
        Stack.MODE.flag(),
        "--services",
        "1",
        "--secondaries",
        "0",
        "--gateways",
        "1",
        "--port-offset",
        Integer.toString(Stack.OFFSET)
    };

    private final Stack stack;

    LifecycleIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeEach
    void nothingRuns() {
        stack.runs("down");
        assertThat(stack.remains()).isEmpty();
    }

    /** Who comes next is to find the usual stack, not what the last test needed. */
    @AfterEach
    void nothingIsLeftForOthers() {
        stack.runs("down");
    }

    @Test
    void nothingUp_isSaid() {
        assertThat(stack.status().toString()).isEqualTo("{\"mode\":null,\"parts\":[]}");
        assertThat(stack.run("status").exit()).isEqualTo(3);
        assertThat(stack.run("kill", "hello-service-1").exit()).isEqualTo(1);
        assertThat(stack.run("client", "hello").err()).contains("./stack up");
        assertThat(stack.run("down").exit()).isZero();
    }

    /** One after the other, as each step takes many seconds. */
    @Test
    void secondUp_isHarmless_downLeavesNothing_nextUpKeepsTheLogs() throws IOException {
        assertThat(stack.up().out()).contains("World", Stack.HTTP);
        String before = stack.status().toString();
        assertThat(stack.up().out()).contains("World");
        assertThat(stack.status().toString()).isEqualTo(before);
        assertThatOtherFlags_areRefused(before);
        JsonNode parts = stack.status().get("parts");

        stack.runs("down");

        assertThat(stack.remains()).isEmpty();
        assertThatPorts_areFree(parts);
        Path logs = stack.home().resolve("logs");
        assertThat(logs.resolve("gateway-1.log"))
                .content()
                .containsPattern("(?m)^\\d{4}-\\d\\d-\\d\\d .* Starting GatewayApplication");

        stack.runs(Map.of("HELLO_WORK", "6s"), SMALL);

        assertThat(stack.home().resolve("logs.previous/gateway-2.log")).isNotEmptyFile();
        assertThatServers_workForSixSeconds();
    }

    private void assertThatOtherFlags_areRefused(String status) {
        Shell.Result other = stack.run("up", "--services", "2");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains("--services 3").contains("./stack down");
        assertThat(stack.status().toString()).isEqualTo(status);
    }

    private static void assertThatPorts_areFree(JsonNode parts) throws IOException {
        for (JsonNode part : parts) {
            if (Stack.MODE.isOnThisMachine(part)) {
                for (JsonNode port : part.get("ports")) {
                    try (ServerSocket socket = listen(port.asInt())) {
                        assertThat(socket.isBound()).isTrue();
                    }
                }
            }
        }
    }

    /** As the environment of {@code up} tells them. */
    private void assertThatServers_workForSixSeconds() {
        long begun = System.nanoTime();
        assertThat(stack.get("/hello", "Connect-Timeout-Ms", "9000").body()).contains("World");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(6));
        assertThat(stack.get("/hello").body())
                .as("of a GET that announces nothing, a gateway says in time that it is slow")
                .contains("World");
    }

    @Test
    void takenPort_isReportedWithItsHolder() throws IOException {
        try (ServerSocket taken = listen(8500 + Stack.OFFSET)) {
            Shell.Result result = stack.run(SMALL);
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .contains(
                            "Port " + taken.getLocalPort(),
                            "process " + ProcessHandle.current().pid(),
                            "java");
        }
        assertThat(stack.remains()).isEmpty();
        assertThat(stack.status().get("mode").isNull()).isTrue();
    }

    @Test
    void interruptedUp_cleansUp(@TempDir Path folder) throws Exception {
        Path said = folder.resolve("said");
        Process up = Shell.start(folder.resolve("out"), said, stack.environment(), stack.command(SMALL));
        Awaitility.await("parts are starting")
                .atMost(Duration.ofMinutes(1))
                .until(() -> !stack.remains().isEmpty());
        up.destroy();
        assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isEqualTo(1);
        assertThat(said).content().contains("Interrupted", "Cleaning up");
        assertThat(stack.remains()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "2"})
    void failedUp_showsTheFailingPartsLogAndCleansUp(String work) {
        Shell.Result result = Shell.run(with("HELLO_WORK", work), stack.command(SMALL));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .contains("hello-service-1 ended before it was ready", "hello.work", "\"" + work + "\"");
        assertThat(stack.remains()).isEmpty();
    }

    @Test
    void wrongUse_isExit2() {
        assertThat(stack.run("up", "--docker", "--local").exit()).isEqualTo(2);
        assertThat(stack.run("scale", "nginx", "2").exit()).isEqualTo(2);
        assertThat(stack.run("up", "--services", "many").exit()).isEqualTo(2);
        assertThat(stack.run("up", "--port-offset", "10001").exit()).isEqualTo(2);
        assertThat(stack.run("no-such-command").exit()).isEqualTo(2);
        assertThat(stack.run().exit()).isEqualTo(2);
        assertThat(stack.runs("--help").out()).contains("./stack up", "./stack kill NAME");
    }

    private Map<String, String> with(String name, String value) {
        return Map.of("STACK_HOME", stack.home().toString(), name, value);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }
}
