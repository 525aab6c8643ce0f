package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.starter.ConsulToken;
import io.middleware.testsupport.ConsulServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the watch makes of a Consul that keeps from it what its token may not read. */
@ExtendWith(OutputCaptureExtension.class)
class ConsulRightsIT extends WatchedConsul {
    private static final String READ_ALL =
            "service_prefix \"\" { policy = \"read\" } node_prefix \"\" { policy = \"read\" }";
    private static final String READ_GREETER =
            "service \"greeter\" { policy = \"read\" } node_prefix \"\" { policy = \"read\" }";

    private String policy;
    private JsonNode token;

    @BeforeEach
    void start() {
        consul = ConsulServer.withAcls();
    }

    @Test
    void tokenThatLosesItsRights_takesNothingAway(CapturedOutput output) {
        watchWith(READ_ALL);
        registerThree();

        give("");
        soon().untilAsserted(() -> assertThat(watch.reachability().problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("leaves out what the token may not read")));
        skip(Duration.ofMinutes(5));
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isGreaterThan(Duration.ofMinutes(4)));
        assertThat(instances()).hasSize(3).extracting(Instance::status).containsOnly(RegistryStatus.PASSING);
        assertThat(directory.routes()).containsOnlyKeys("g.v1.A");

        give(READ_ALL);
        consul.api().deregister("g-1");
        soon().until(() -> instances().size() == 2);
        soon().until(() -> watch.reachability().problem().isEmpty());
        assertThat(output).containsOnlyOnce("gives no usable response").containsOnlyOnce("responds again");
    }

    @Test
    void tokenThatIsRevoked_takesNothingAway(CapturedOutput output) {
        watchWith(READ_ALL);
        registerThree();

        consul.api().delete("/v1/acl/token/" + token.get("AccessorID").asString());
        soon().untilAsserted(() -> assertThat(watch.reachability().problem()).isPresent());
        skip(Duration.ofMinutes(5));
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isGreaterThan(Duration.ofMinutes(4)));
        assertThat(instances()).hasSize(3).extracting(Instance::status).containsOnly(RegistryStatus.PASSING);
        assertThat(output)
                .containsOnlyOnce("status 403: ACL not found (expected: a token in middleware.consul.token-file or"
                        + " spring.cloud.consul.discovery.acl-token that may read all services and nodes)");
    }

    @Test
    void tokenThatIsReplaced_isTakenWithoutAFailure(CapturedOutput output, @TempDir Path folder) throws Exception {
        JsonNode first = consul.api().createToken("first", READ_ALL);
        Path file =
                Files.writeString(folder.resolve("token"), first.get("SecretID").asString());
        watch(consul, ConsulToken.inFile(file));
        registerThree();

        Files.writeString(
                file,
                consul.api().createToken("second", READ_ALL).get("SecretID").asString());
        consul.api().delete("/v1/acl/token/" + first.get("AccessorID").asString());
        consul.api().deregister("g-1");
        soon().until(() -> instances().size() == 2);
        register("greeter", "g-4", Map.of());
        soon().until(() -> standing("g-4") == RegistryStatus.PASSING);
        assertThat(output).contains("took the token").doesNotContain("gives no usable response");
    }

    @Test
    void tokenThatIsRevoked_isReplacedInTheFileLater_andAllHeals(CapturedOutput output, @TempDir Path folder)
            throws Exception {
        JsonNode first = consul.api().createToken("first", READ_ALL);
        Path file =
                Files.writeString(folder.resolve("token"), first.get("SecretID").asString());
        watch(consul, ConsulToken.inFile(file));
        registerThree();

        consul.api().delete("/v1/acl/token/" + first.get("AccessorID").asString());
        soon().untilAsserted(() -> assertThat(watch.reachability().problem()).isPresent());
        assertThat(instances()).hasSize(3);
        Files.writeString(
                file,
                consul.api().createToken("second", READ_ALL).get("SecretID").asString());
        soon().until(() -> watch.reachability().problem().isEmpty());
        register("greeter", "g-4", Map.of());
        soon().until(() -> standing("g-4") == RegistryStatus.PASSING);
        assertThat(output).containsOnlyOnce("gives no usable response").containsOnlyOnce("responds again");
    }

    @Test
    void listsForPeople_areNotEmptyWhenRightsAreLost() {
        watchWith(READ_ALL);
        registerThree();
        soon().until(() -> instances().size() == 3);
        RegistryLookup lookup = lookup();
        assertThatCode(lookup::gateways).doesNotThrowAnyException();
        give("");
        soon().untilAsserted(() -> {
            assertThatThrownBy(lookup::gateways).hasMessageContaining("leaves out what the token may not read");
            assertThatThrownBy(() -> lookup.faultPorts("greeter")).hasMessageContaining("leaves out");
        });
    }

    @Test
    void tokenWithoutRights_isNoEmptyRegistry() {
        watchWith("");
        register("greeter", "g-1", Map.of());
        soon().untilAsserted(() -> assertThat(watch.reachability().problem()).isPresent());
        assertThat(directory.loaded()).isFalse();
        give(READ_ALL);
        soon().until(() -> directory.loaded() && standing("g-1") == RegistryStatus.PASSING);
    }

    @Test
    void tokenForSomeServices_isBelievedAboutThese() {
        watchWith(READ_GREETER);
        register("other", "o-1", Map.of());
        registerThree();
        soon().until(directory::loaded);
        consul.api().deregister("g-1");
        soon().until(() -> instances().size() == 2);
        consul.api().deregister("g-2");
        consul.api().deregister("g-3");
        skip(Duration.ofMinutes(2));
        soon().untilAsserted(() -> {
            skip(Duration.ofMinutes(2));
            assertThat(instances()).isEmpty();
        });
    }

    private void watchWith(String rules) {
        policy = consul.api().ask("/v1/acl/policy", policy(rules)).get("ID").asString();
        token = consul.api().ask("/v1/acl/token", "{\"Policies\": [{\"ID\": \"" + policy + "\"}]}");
        watch(consul, token.get("SecretID").asString());
    }

    private static String policy(String rules) {
        return new JsonMapper().writeValueAsString(Map.of("Name", "gateway", "Rules", rules));
    }

    private void give(String rules) {
        consul.api().put("/v1/acl/policy/" + policy, policy(rules));
    }
}
