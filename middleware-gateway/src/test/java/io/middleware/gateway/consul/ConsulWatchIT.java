package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.testsupport.ConsulServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the watch makes of a real Consul's news. */
@ExtendWith(OutputCaptureExtension.class)
class ConsulWatchIT extends WatchedConsul {
    @BeforeEach
    void start() {
        watch(ConsulServer.forgetful());
    }

    @Test
    void emptyConsul_loadsAnEmptyDirectory() throws Exception {
        directory.awaitLoaded();
        assertThat(directory.loaded()).isTrue();
        assertThat(directory.routes()).isEmpty();
    }

    @Test
    void instanceRegisteredByHand_isFound() {
        register(
                "greeter",
                "g-1",
                Map.of(
                        "Tags",
                        List.of("middleware", "secondary"),
                        "Weights",
                        Map.of("Passing", 5, "Warning", 1),
                        "Meta",
                        Map.of(
                                "grpc-services-1",
                                "g.v1.A,g.v1.B",
                                "grpc-services-2",
                                "g.v2.A",
                                "idempotency-keys",
                                "true")));

        soon().untilAsserted(() -> assertThat(directory.routes()).containsOnlyKeys("g.v1.A", "g.v1.B", "g.v2.A"));
        Instance found = instance("g-1");
        assertThat(found.registration().host()).isEqualTo("127.0.0.1");
        assertThat(found.registration().port()).isEqualTo(25_900);
        assertThat(found.pool()).isEqualTo(Pool.SECONDARY);
        assertThat(found.registration().weight()).isEqualTo(5);
        assertThat(found.registration().idempotencyKeys()).isTrue();
        assertThat(found.registration().createIndex()).isPositive();
        assertThat(found.status()).isEqualTo(RegistryStatus.PASSING);
    }

    @Test
    void othersThanInstances_areNotFound() {
        register("database", "db-1", Map.of("Tags", List.of("primary")));
        register("greeter", "g-1", Map.of());
        register("greeter", "by-the-way", Map.of("Tags", List.of("canary")));

        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
        assertThat(directory.services()).extracting(Service::name).containsExactly("greeter");
        assertThat(instances()).extracting(Instance::id).containsExactly("g-1");
    }

    @Test
    void critical_isFailingAndBackWhenItPasses() {
        register("greeter", "g-1", ttl());
        register("greeter", "g-2", ttl());
        register("greeter", "g-3", ttl());
        soon().until(() -> instances().size() == 3);

        consul.api().put("/v1/agent/check/fail/service:g-1", "");
        soon().until(() -> standing("g-1") == RegistryStatus.FAILING);
        assertThat(service().candidates().best(List.of()))
                .extracting(Instance::id)
                .containsExactlyInAnyOrder("g-2", "g-3");

        consul.api().put("/v1/agent/check/pass/service:g-1", "");
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
    }

    @Test
    void deregistered_isGone() {
        registerThree();
        consul.api().deregister("g-1");
        soon().untilAsserted(
                        () -> assertThat(instances()).extracting(Instance::id).containsExactlyInAnyOrder("g-2", "g-3"));
    }

    @Test
    void maintenanceOfAService_isOutOfTheChoiceUntilItEnds() {
        registerThree();
        for (String id : List.of("g-1", "g-2", "g-3")) {
            consul.api().put("/v1/agent/service/maintenance/" + id + "?enable=true", "");
            soon().until(() -> standing(id) == RegistryStatus.MAINTENANCE);
        }
        assertThat(service().candidates().best(List.of())).isEmpty();
        consul.api().put("/v1/agent/service/maintenance/g-1?enable=false", "");
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
    }

    @Test
    void maintenanceOfANode_isThatOfItsInstances() {
        registerThree();
        consul.api().put("/v1/agent/maintenance?enable=true", "");
        soon().until(() -> instances().stream().allMatch(instance -> instance.status() == RegistryStatus.MAINTENANCE));
        consul.api().put("/v1/agent/maintenance?enable=false", "");
        soon().until(() -> instances().stream().allMatch(instance -> instance.status() == RegistryStatus.PASSING));
    }

    @Test
    void instancesThatDiffer_serveWhatTheyList() {
        register("greeter", "g-1", Map.of());
        register("greeter", "g-2", Map.of("Meta", Map.of("grpc-services-1", "g.v1.A,g.v2.A")));

        soon().untilAsserted(() -> assertThat(directory.routes()).containsOnlyKeys("g.v1.A", "g.v2.A"));
        assertThat(serving("g.v1.A")).containsExactlyInAnyOrder("g-1", "g-2");
        assertThat(serving("g.v2.A")).containsExactly("g-2");
        register("greeter", "g-1", Map.of("Meta", Map.of("grpc-services-1", "g.v2.A")));
        soon().untilAsserted(() -> assertThat(serving("g.v2.A")).containsExactlyInAnyOrder("g-1", "g-2"));
        assertThat(serving("g.v1.A")).containsExactly("g-2");
    }

    @Test
    void sameIdOnTwoNodes_isTwoInstances() {
        for (String node : List.of("host-a", "host-b")) {
            consul.api().put("/v1/catalog/register", """
                    {"Node": "%s", "Address": "10.0.0.%d", "Service": {"ID": "g-1", "Service": "greeter", "Port": 25900,
                     "Tags": ["middleware"], "Meta": {"grpc-services-1": "g.v1.A"}}}""".formatted(node, node.charAt(5) - 'a' + 1));
        }
        soon().untilAsserted(() -> assertThat(serving("g.v1.A")).containsExactlyInAnyOrder("g-1@host-a", "g-1@host-b"));
        assertThat(instance("g-1@host-b").registration().host()).isEqualTo("10.0.0.2");
    }

    @Test
    void proxyOfConsulsMesh_isNoInstance() {
        register("greeter", "g-1", Map.of("Connect", Map.of("SidecarService", Map.of())));
        register("ingress", "i-1", Map.of("Kind", "ingress-gateway"));
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
        soon().untilAsserted(() -> assertThat(directory.services())
                .extracting(Service::name)
                .contains("greeter-sidecar-proxy", "ingress"));
        assertThat(instances()).extracting(Instance::id).containsExactly("g-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Inventory.V2", "größe", "with space", "a/b"})
    void oddNameOfAService_isFound(String name) {
        register(name, "g-1", Map.of());
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
        assertThat(directory.serviceOf("g.v1.A").name()).isEqualTo(name);
    }

    private List<String> serving(String grpcService) {
        Route route = directory.routes().get(grpcService);
        return route == null
                ? List.of()
                : route.candidates().best(List.of()).stream().map(Instance::id).toList();
    }

    @Test
    void malformedEntry_isLeftOutAndTheWatchGoesOn(CapturedOutput output) {
        register("greeter", "bad-port", Map.of("Port", 70_000));
        register("greeter", "no-services", Map.of("Meta", Map.of()));
        register("greeter", "g-1", Map.of());

        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
        register("greeter", "g-2", Map.of());
        soon().until(() -> standing("g-2") == RegistryStatus.PASSING);
        assertThat(instances()).hasSize(2);
        assertThat(output)
                .containsOnlyOnce("bad-port of greeter is left out: port 70000 (expected: 1 to 65535)")
                .containsOnlyOnce("no-services of greeter is left out: no gRPC service in its meta");
    }

    @Test
    void grpcServiceOfTwo_isTheOlders(CapturedOutput output) {
        register("older", "o-1", Map.of());
        soon().until(() -> directory.serviceOf("g.v1.A") != null);
        register("newer", "n-1", Map.of("Meta", Map.of("grpc-services-1", "g.v1.A,g.v1.New")));

        soon().until(() -> directory.serviceOf("g.v1.New") != null);
        assertThat(directory.serviceOf("g.v1.A").name()).isEqualTo("older");
        assertThat(output).containsOnlyOnce("the older one has it");
    }

    @Test
    void vanishedService_isDoubtedAndThenGone() {
        register("greeter", "g-1", Map.of());
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);

        consul.api().deregister("g-1");
        soon().until(() -> standing("g-1") == RegistryStatus.UNCONFIRMED);
        skip(Duration.ofSeconds(61));
        soon().until(() -> instances().isEmpty());
        assertThat(directory.routes()).isEmpty();

        register("greeter", "g-1", Map.of());
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
    }

    @Test
    void stoppedWatch_hearsNothingUntilItIsStartedAgain() {
        watch.stop();
        register("greeter", "g-1", Map.of());
        assertThat(watch.isRunning()).isFalse();
        assertThat(directory.services()).isEmpty();

        watch.start();
        soon().until(() -> standing("g-1") == RegistryStatus.PASSING);
    }
}
