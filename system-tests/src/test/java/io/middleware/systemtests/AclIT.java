package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chain with ACLs in Consul: tokens are replaced, revoked and lost while calls go through it. */
@ExtendWith(RunningStack.class)
class AclIT {

    private static final List<String> ROLES =
            List.of("hello-service", "gateway", "dns", "agent", "viewer", "operator", "prometheus", "management");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String CONSUL = "http://127.0.0.1:" + (8500 + Stack.OFFSET);

    private final Stack stack;
    private final HttpClient http = HttpClient.newHttpClient();

    AclIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeEach
    void up() {
        stack.runs("down");
        stack.runs(
                "up",
                Stack.MODE.flag(),
                "--acl",
                "--services",
                "2",
                "--secondaries",
                "0",
                "--port-offset",
                Integer.toString(Stack.OFFSET));
    }

    /** Who comes next is to find the usual stack. */
    @AfterEach
    void down() {
        stack.runs("down");
        assertThat(stack.home().resolve("acl")).doesNotExist();
    }

    @Test
    void everyTokenIsReplaced_thenOneIsRevoked_thenConsulForgetsAll_withNothingLost() throws Exception {
        assertThat(ask("GET", "/v1/health/service/hello-service", "").body()).isEqualTo("[]");
        assertThat(stack.run("status").out()).contains("log in with the token in " + stack.home() + "/acl/operator");
        try (Stream<Path> files = Files.list(stack.home().resolve("acl"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file ->
                            assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]"));
        }
        BackgroundCalls calls = new BackgroundCalls();

        for (String role : ROLES) {
            String before = token(role);
            stack.runs("acl", "rotate", role);
            assertThat(token(role)).as(role).isNotEqualTo(before);
            assertThat(ask("GET", "/v1/acl/token/self", before).statusCode())
                    .as("the old token of " + role)
                    .isEqualTo(403);
        }
        assertThat(passing("hello-service")).isEqualTo(2);
        assertThat(passing("middleware-gateway")).isEqualTo(2);
        stack.runs("restart", "hello-service-1");

        for (String role : List.of("hello-service", "gateway")) {
            revoke(token(role));
        }
        Awaitility.await("gateways say so")
                .atMost(LIMIT)
                .until(() -> gatewaysSay("gives no usable response: status 403"));
        // longer than Consul believes a heartbeat
        LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
        for (String role : List.of("hello-service", "gateway")) {
            stack.runs("acl", "rotate", role);
        }
        Awaitility.await("gateways say that it is over").atMost(LIMIT).until(() -> gatewaysSay("responds again"));
        stack.runs("restart", "hello-service-2");
        assertThat(passing("hello-service")).isEqualTo(2);

        stack.runs("kill", "consul");
        stack.runs("wipe", "consul");
        stack.runs("start", "consul");
        Awaitility.await("all are back with the same tokens").atMost(LIMIT).until(() -> passing("hello-service") == 2);
        calls.endWithNothingLost();
    }

    private boolean gatewaysSay(String text) {
        return Stream.of("gateway-1", "gateway-2")
                .allMatch(name -> stack.run("logs", name).out().contains(text));
    }

    private int passing(String service) throws IOException, InterruptedException {
        return json("/v1/health/service/" + service + "?passing", token("viewer"))
                .size();
    }

    private void revoke(String token) throws IOException, InterruptedException {
        String accessor = json("/v1/acl/token/self", token).get("AccessorID").asString();
        assertThat(ask("DELETE", "/v1/acl/token/" + accessor, token("management"))
                        .statusCode())
                .isEqualTo(200);
    }

    private String token(String role) throws IOException {
        return Files.readString(stack.home().resolve("acl").resolve(role)).strip();
    }

    private JsonNode json(String path, String token) throws IOException, InterruptedException {
        return new JsonMapper().readTree(ask("GET", path, token).body());
    }

    private HttpResponse<String> ask(String method, String path, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(CONSUL + path)).method(method, BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("X-Consul-Token", token);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
