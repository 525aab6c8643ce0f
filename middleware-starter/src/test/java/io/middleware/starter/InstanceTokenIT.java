package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.ConsulServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** A running instance whose token for Consul is replaced, is revoked, or loses its rights. */
@ExtendWith(OutputCaptureExtension.class)
class InstanceTokenIT {

    private static final Duration MOMENT = Duration.ofSeconds(10);
    private static final String RIGHTS = "service \"greeter\" { policy = \"write\" }";
    private static final String AWAY = "no heartbeat reaches Consul";
    private static final String BACK = "heartbeats reach Consul";

    @TempDir
    private Path folder;

    private Path file;
    private JsonNode token;
    private ConsulServer consul;
    private GreeterInstance greeter;

    @BeforeEach
    void start() throws IOException {
        consul = ConsulServer.withAcls();
        file = folder.resolve("token");
        token = give("first");
        greeter = new GreeterInstance(
                consul, "middleware.consul.token-file=" + file, "management.endpoint.health.show-details=always");
        greeter.awaitStatus("passing", MOMENT);
    }

    @AfterEach
    void stop() {
        greeter.close();
        consul.close();
    }

    @Test
    void replacedToken_isTakenWithoutAMissedBeat_alsoByConsulsAgent(CapturedOutput log) throws IOException {
        JsonNode old = token;
        give("second");
        revoke(old);
        soon().until(() -> log.getOut().contains("as the token for Consul is another one"));
        String beat = greeter.lastHeartbeat();
        soon().until(() -> !greeter.lastHeartbeat().equals(beat));
        assertThat(log.getOut()).doesNotContain(AWAY);
        // the agent reports the service's changes to the servers by the token of its registration
        consul.api().put("/v1/agent/service/maintenance/greeter-1?enable=true", "");
        consul.api().put("/v1/agent/service/maintenance/greeter-1?enable=false", "");
        greeter.awaitStatus("passing", MOMENT);
        consul.api().deregister(GreeterInstance.ID);
        greeter.awaitStatus("passing", MOMENT);
        greeter.close();
        assertThat(consul.api().status(GreeterInstance.SERVICE, GreeterInstance.ID))
                .isEqualTo("absent");
    }

    @Test
    void revokedToken_isToldOnce_leavesTheInstanceServing_andHealsByANewOne(CapturedOutput log) throws IOException {
        revoke(token);
        soon().until(() -> log.getOut().contains(AWAY));
        assertThat(log).contains("status 403: ACL not found (expected: a token in middleware.consul.token-file");
        assertThat(health()).contains("\"consulProblem\":\"status 403: ACL not found");
        assertThat(greeter.greet()).isEqualTo("World");
        assertThat(greeter.readiness()).isEqualTo(200);
        // longer than the check's TTL: the agent may tell nobody by a token that does not exist
        Awaitility.await()
                .during(Duration.ofSeconds(5))
                .atMost(MOMENT)
                .until(() -> consul.api()
                        .status(GreeterInstance.SERVICE, GreeterInstance.ID)
                        .equals("passing"));
        assertThat(log.getOut().lines().filter(line -> line.contains(AWAY))).hasSize(1);

        give("second");
        soon().until(() -> log.getOut().contains(BACK));
        String beat = greeter.lastHeartbeat();
        soon().until(() -> !greeter.lastHeartbeat().equals(beat));
        greeter.awaitStatus("passing", MOMENT);
        assertThat(health()).doesNotContain("consulProblem");
    }

    @Test
    void wrongTokenInTheFile_leavesTheOneBeforeInUse_andIsTold(CapturedOutput log) throws IOException {
        Files.writeString(file, "00000000-0000-0000-0000-000000000000");
        soon().until(() -> health().contains("\"consulToken\":\"Consul refuses the token in " + file));
        String beat = greeter.lastHeartbeat();
        soon().until(() -> !greeter.lastHeartbeat().equals(beat));
        assertThat(log.getOut()).doesNotContain(AWAY);
        assertThat(log).containsOnlyOnce("Consul refuses the token in");

        give("second");
        revoke(token);
        soon().until(() -> !health().contains("consulToken"));
        greeter.awaitStatus("passing", MOMENT);
        assertThat(log.getOut()).doesNotContain(AWAY);
    }

    @Test
    void tokenThatLosesItsRights_isTold_andHealsWhenItHasThemAgain(CapturedOutput log) {
        consul.api().putPolicy("first", "");
        soon().until(() -> log.getOut().contains(AWAY));
        assertThat(log).contains("status 403: Permission denied");
        assertThat(greeter.readiness()).isEqualTo(200);

        consul.api().putPolicy("first", RIGHTS);
        soon().until(() -> log.getOut().contains(BACK));
        greeter.awaitStatus("passing", MOMENT);
    }

    @Test
    void fileThatVanishes_changesNothing_andIsToldInHealth(CapturedOutput log) throws IOException {
        Files.delete(file);
        soon().until(() -> health().contains("\"consulToken\":\"" + file + " does not exist"));
        String beat = greeter.lastHeartbeat();
        soon().until(() -> !greeter.lastHeartbeat().equals(beat));
        assertThat(log.getOut()).doesNotContain(AWAY);
    }

    private JsonNode give(String name) throws IOException {
        JsonNode created = consul.api().createToken(name, RIGHTS);
        Files.writeString(file, created.get("SecretID").asString());
        return created;
    }

    private void revoke(JsonNode revoked) {
        consul.api().delete("/v1/acl/token/" + revoked.get("AccessorID").asString());
    }

    private String health() {
        URI page = URI.create("http://127.0.0.1:" + greeter.managementPort() + "/actuator/health/readiness");
        return RestClient.create().get().uri(page).retrieve().body(String.class);
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(MOMENT).pollInterval(Duration.ofMillis(20));
    }
}
