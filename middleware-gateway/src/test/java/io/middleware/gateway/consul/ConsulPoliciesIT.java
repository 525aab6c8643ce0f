package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.testsupport.ConsulApi;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The policies in {@code consul/policies}, tried at a real Consul: with all of a policy's rules its role can do what it
 * has to, and without any one of them it cannot.
 */
class ConsulPoliciesIT {
    private static final Path POLICIES = Repository.root().resolve("consul").resolve("policies");
    private static final int DNS = FreePorts.next();
    private static final String KEY = "/v1/kv/middleware/keys/shop";

    private static ConsulServer consul;

    /** Something that a role has to do; fails by any exception. */
    @FunctionalInterface
    private interface Deed {
        void run(ConsulApi consul) throws Exception;
    }

    @BeforeAll
    static void start() {
        consul = ConsulServer.withAcls("-dns-port=" + DNS);
        consul.api().registerInstance("hello-service", "there", "127.0.0.1", 21_001, "primary", List.of("h.v1.H"));
        consul.api().registerInstance("middleware-gateway", "gateway", "127.0.0.1", 22_001, "none", List.of("x"));
        consul.api().put(KEY, "{}");
        await().ignoreExceptions()
                .until(() -> consul.api()
                                .get("/v1/health/service/middleware-gateway")
                                .size()
                        == 1);
    }

    @AfterAll
    static void stop() {
        consul.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "gateway", "prometheus", "operator", "viewer", "dns"})
    void eachRule_isNeeded(String role) throws IOException {
        List<String> rules = rules(role);
        String policy = "test-" + role;
        String token = consul.api()
                .createToken(policy, String.join("\n", rules))
                .get("SecretID")
                .asString();
        assertThat(failure(role, token)).as("%s with all rules", role).isEmpty();
        for (String rule : rules) {
            consul.api()
                    .putPolicy(
                            policy,
                            String.join(
                                    "\n",
                                    rules.stream()
                                            .filter(it -> !it.equals(rule))
                                            .toList()));
            await(role + " cannot do without " + rule)
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !failure(role, token).isEmpty());
        }
        consul.api().putPolicy(policy, String.join("\n", rules));
        assertThat(failure(role, token)).as("%s with all rules again", role).isEmpty();
    }

    @Test
    void service_mayNeitherTakeAnotherNameNorRead() throws IOException {
        ConsulApi server = consul.api()
                .as(consul.api()
                        .createToken("test-limits", String.join("\n", rules("service")))
                        .get("SecretID")
                        .asString());
        assertThat(fails(it -> register(it, "middleware-gateway"), server)).isTrue();
        assertThat(fails(it -> it.get(KEY), server)).isTrue();
        assertThat(server.get("/v1/health/service/hello-service"))
                .as("nodes are not for it")
                .isEmpty();
    }

    @Test
    void agent_keepsItsNodeUpToDate() throws IOException {
        String rules = String.join("\n", rules("agent")).replace("\"consul\"", "\"test\"");
        String token =
                consul.api().createToken("test-agent", "").get("SecretID").asString();
        consul.api().put("/v1/agent/token/agent", "{\"Token\": \"" + token + "\"}");
        assertThat(nodeMeta()).as("without its rule").isEmpty();
        consul.api().putPolicy("test-agent", rules);
        String other = consul.api()
                .ask("/v1/acl/token", "{\"Policies\": [{\"Name\": \"test-agent\"}]}")
                .get("SecretID")
                .asString();
        // another token makes the agent try at once
        consul.api().put("/v1/agent/token/agent", "{\"Token\": \"" + other + "\"}");
        await().atMost(Duration.ofSeconds(20)).until(() -> !nodeMeta().isEmpty());
    }

    private static JsonNode nodeMeta() {
        return consul.api().get("/v1/catalog/node/test").at("/Node/Meta");
    }

    /** Returns the first thing that fails; empty when all goes well. */
    private static String failure(String role, String token) {
        ConsulApi api = consul.api().as(token);
        return deeds(role).entrySet().stream()
                .filter(deed -> fails(deed.getValue(), api))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static Map<String, Deed> deeds(String role) {
        Deed reads = api -> {
            require(api.get("/v1/catalog/services").has("hello-service"));
            require(api.get("/v1/catalog/services").has("consul"));
            require(!api.get("/v1/health/service/hello-service").isEmpty());
        };
        return switch (role) {
            case "service" -> Map.of("register", api -> register(api, "hello-service"));
            case "gateway" ->
                Map.of(
                        "register",
                        api -> register(api, "middleware-gateway"),
                        "watch",
                        reads,
                        "heartbeats",
                        api -> require(!api.get("/v1/agent/checks").isEmpty()
                                || api.get("/v1/agent/services").has("there")),
                        "keys",
                        api -> require(!api.get(KEY + "?recurse").isEmpty()));
            case "prometheus" -> Map.of("find", reads, "data centre", api -> api.get("/v1/agent/self"));
            case "viewer" ->
                Map.of(
                        "see",
                        reads,
                        "nodes",
                        api -> require(!api.get("/v1/catalog/nodes").isEmpty()));
            case "operator" ->
                Map.of(
                        "see",
                        reads,
                        "maintenance",
                        api -> {
                            api.put("/v1/agent/service/maintenance/there?enable=true", "");
                            api.put("/v1/agent/service/maintenance/there?enable=false", "");
                        },
                        "maintenance of a node",
                        api -> {
                            api.put("/v1/agent/maintenance?enable=true", "");
                            api.put("/v1/agent/maintenance?enable=false", "");
                        },
                        "issue a key",
                        api -> api.put("/v1/kv/middleware/keys/new", "{}"));
            case "dns" ->
                Map.of("find gateways", api -> {
                    consul.api().put("/v1/agent/token/default", "{\"Token\": \"" + api.token() + "\"}");
                    require(found("middleware-gateway"));
                    require(!found("hello-service"));
                });
            default -> throw new IllegalArgumentException(role);
        };
    }

    /** A registration's whole life. */
    private static void register(ConsulApi api, String service) {
        Map<String, Object> entry =
                Map.of("Name", service, "ID", "mine", "Port", 1, "Check", Map.of("TTL", "1m", "Status", "passing"));
        api.register(entry);
        api.put("/v1/agent/check/pass/service:mine", "");
        api.register(entry);
        api.put("/v1/agent/check/fail/service:mine", "");
        api.deregister("mine");
    }

    /** Asks Consul by DNS for the addresses of a service. Returns whether it names any. */
    private static boolean found(String service) throws IOException {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        // an id, recursion desired, one question
        question.writeBytes(new byte[] {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : List.of(service, "service", "consul")) {
            question.write(label.length());
            question.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        // the root, type A, class IN
        question.writeBytes(new byte[] {0, 0, 1, 0, 1});
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(2_000);
            socket.connect(InetAddress.getLoopbackAddress(), DNS);
            socket.send(new DatagramPacket(question.toByteArray(), question.size()));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            // the number of answers
            return answer.getData()[7] > 0;
        }
    }

    private static boolean fails(Deed deed, ConsulApi api) {
        try {
            deed.run(api);
            return false;
        } catch (Exception refused) {
            return true;
        }
    }

    private static void require(boolean met) {
        if (!met) {
            throw new IllegalStateException("not found");
        }
    }

    private static List<String> rules(String role) throws IOException {
        try (Stream<String> lines = Files.lines(POLICIES.resolve(role + ".hcl"))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
