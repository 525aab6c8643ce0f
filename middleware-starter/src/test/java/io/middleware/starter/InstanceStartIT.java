package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;

/** How an instance comes into Consul and leaves it. */
@ExtendWith(OutputCaptureExtension.class)
class InstanceStartIT {

    private static final Duration MOMENT = Duration.ofSeconds(5);

    private static final String ANY_ADDRESS = "spring.grpc.server.address=0.0.0.0";

    private static ConsulServer consul;

    @BeforeAll
    static void startConsul() {
        consul = ConsulServer.forgetful();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @Test
    void instance_saysWhatItIs() {
        try (GreeterInstance greeter = new GreeterInstance(
                consul,
                "middleware.instance.pool=secondary",
                "middleware.instance.weight=7",
                "middleware.instance.idempotency-keys=true",
                "spring.cloud.consul.discovery.tags=blue")) {
            greeter.awaitStatus("passing", MOMENT);

            JsonNode service = greeter.inConsul();
            assertThat(service.at("/Address").asString()).isEqualTo("127.0.0.1");
            assertThat(service.at("/Port").asInt()).isEqualTo(greeter.grpcPort());
            assertThat(service.at("/Weights/Passing").asInt()).isEqualTo(7);
            assertThat(service.at("/Tags").values())
                    .extracting(JsonNode::asString)
                    .containsExactly("blue", "middleware", "secondary");
            assertThat(service.at("/Meta/grpc-services-1").asString()).isEqualTo("hello.v1.HelloService");
            assertThat(service.at("/Meta/grpc-services-2").isMissingNode()).isTrue();
            assertThat(service.at("/Meta/idempotency-keys").asString()).isEqualTo("true");
            assertThat(consul.api().get("/v1/agent/services").propertyNames()).containsExactly(GreeterInstance.ID);
        }
    }

    @Test
    void instance_comesWhenReadyAndLeavesBeforeItDrains() {
        AtomicReference<GreeterInstance> running = new AtomicReference<>();
        List<String> seen = new ArrayList<>();
        ApplicationRunner whileStarting = arguments -> seen.add("starting: " + status());
        Pause whileLeaving =
                delay -> seen.add("after leaving, for " + delay.toMillis() + " ms: " + status() + ", readiness "
                        + running.get().readiness() + ", Hello " + running.get().greet());

        try (GreeterInstance greeter = new GreeterInstance(
                consul,
                context -> {
                    context.registerBean(ApplicationRunner.class, () -> whileStarting);
                    context.registerBean(Pause.class, () -> whileLeaving);
                },
                "middleware.instance.drain-delay=1234ms")) {
            running.set(greeter);
            greeter.awaitStatus("passing", MOMENT);
        }

        assertThat(seen)
                .containsExactly("starting: absent", "after leaving, for 1234 ms: absent, readiness 503, Hello World");
    }

    @Test
    void instanceWithoutHeartbeat_doesNotStart() {
        assertThatThrownBy(
                        () -> new GreeterInstance(consul, "spring.cloud.consul.discovery.register-health-check=false"))
                .rootCause()
                .hasMessageContaining("expected true for spring.cloud.consul.discovery.register-health-check");
    }

    @Test
    void takenPort_isReportedInALine(CapturedOutput log) throws IOException {
        try (ServerSocket taken = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThatThrownBy(() -> new GreeterInstance(consul, "spring.grpc.server.port=" + port))
                    .isNotNull();
            assertThat(log.getAll())
                    .contains("The gRPC server cannot listen.")
                    .contains(port)
                    .doesNotContain("\tat ");
            assertThat(status()).isEqualTo("absent");
        }
    }

    @Test
    void machineWithAnotherAddress_isRegisteredAnewByTheSameId() {
        AtomicReference<String> address = new AtomicReference<>("192.0.2.7");
        try (GreeterInstance greeter = new GreeterInstance(consul, machineAt(address), ANY_ADDRESS)) {
            greeter.awaitStatus("passing", MOMENT);
            assertThat(greeter.address()).isEqualTo("192.0.2.7");

            address.set("192.0.2.8");

            Awaitility.await().atMost(MOMENT).until(() -> greeter.address().equals("192.0.2.8"));
            greeter.awaitStatus("passing", MOMENT);
            assertThat(consul.api().get("/v1/agent/services").propertyNames()).containsExactly(GreeterInstance.ID);
        }
    }

    @Test
    void machineWithAnotherAddressWhileConsulIsAway_isRegisteredAnewWhenItComes() {
        AtomicReference<String> address = new AtomicReference<>("192.0.2.7");
        try (ConsulServer remembering = ConsulServer.remembering();
                GreeterInstance greeter = new GreeterInstance(remembering, machineAt(address), ANY_ADDRESS)) {
            greeter.awaitStatus("passing", MOMENT);

            remembering.kill();
            address.set("192.0.2.8");
            remembering.start();

            Awaitility.await().atMost(MOMENT).until(() -> greeter.address().equals("192.0.2.8"));
            greeter.awaitStatus("passing", MOMENT);
        }
    }

    @Test
    void addressThatWasSet_isKeptWhateverTheMachineHas() {
        AtomicReference<String> address = new AtomicReference<>("192.0.2.7");
        for (String set : List.of(
                "middleware.instance.host=greeter.example", "spring.cloud.consul.discovery.ip-address=192.0.2.9")) {
            try (GreeterInstance greeter = new GreeterInstance(consul, machineAt(address), ANY_ADDRESS, set)) {
                greeter.awaitStatus("passing", MOMENT);
                assertThat(greeter.address()).isEqualTo(set.substring(set.indexOf('=') + 1));
            }
        }
    }

    private static Consumer<GenericApplicationContext> machineAt(AtomicReference<String> address) {
        return context -> context.registerBean(MachineAddress.class, () -> before -> address.get());
    }

    @Test
    void absentConsul_isJoinedWhenItComes() {
        consul.kill();
        try (GreeterInstance greeter = new GreeterInstance(consul)) {
            assertThat(greeter.greet()).isEqualTo("World");
            assertThat(greeter.readiness()).isEqualTo(200);

            consul.start();

            greeter.awaitStatus("passing", Duration.ofSeconds(2));
        } finally {
            consul.start();
        }
    }

    @Test
    void restartedConsulThatRemembers_hearsOfTheInstanceSoon() {
        try (ConsulServer remembering = ConsulServer.remembering();
                GreeterInstance greeter = new GreeterInstance(remembering)) {
            greeter.awaitStatus("passing", MOMENT);

            remembering.restart();

            greeter.awaitStatus("passing", Duration.ofSeconds(2));
            assertThat(greeter.readiness()).isEqualTo(200);
        }
    }

    @Test
    void nothingConfigured_givesAUniqueId() {
        try (GreeterInstance greeter = new GreeterInstance(consul, "middleware.instance.id=")) {
            String id = "greeter-127-0-0-1-" + greeter.grpcPort();
            Awaitility.await()
                    .atMost(MOMENT)
                    .until(() ->
                            consul.api().instance(GreeterInstance.SERVICE, id).isPresent());
            assertThat(consul.api().get("/v1/agent/services").propertyNames()).containsExactly(id);
        }
    }

    /** In an application that looks up others in Consul, and in one that does not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.cloud.consul.enabled",
                "spring.cloud.discovery.enabled",
                "spring.cloud.service-registry.enabled",
                "spring.cloud.service-registry.auto-registration.enabled",
                "spring.cloud.consul.service-registry.enabled",
                "spring.cloud.consul.service-registry.auto-registration.enabled",
                "spring.cloud.consul.discovery.register"
            })
    void switchedOffRegistration_servesAndStaysOutOfConsul(String name, CapturedOutput log) {
        for (boolean discovery : new boolean[] {true, false}) {
            try (GreeterInstance greeter = new GreeterInstance(
                    consul, name + "=false", "spring.cloud.consul.discovery.enabled=" + discovery)) {
                assertThat(greeter.greet()).isEqualTo("World");
                assertThat(greeter.readiness()).isEqualTo(200);
                assertThat(greeter.application().getBeansOfType(HeartbeatScheduler.class))
                        .isEmpty();
                assertThat(consul.api().get("/v1/agent/services").isEmpty()).isTrue();
                assertThat(log.getAll()).contains("this server is not registered in Consul: " + name + " is false");
            }
        }
    }

    @Test
    void applicationWithoutAName_isReportedInALine(CapturedOutput log) {
        assertThatThrownBy(() -> new GreeterInstance(consul, "spring.application.name="))
                .isNotNull();
        assertThat(log.getAll()).contains("spring.application.name is not set.").doesNotContain("\tat ");
    }

    @Test
    void nameThatConsulCannotTake_isReportedInALine(CapturedOutput log) {
        assertThatThrownBy(() -> new GreeterInstance(consul, "spring.application.name=1st"))
                .isNotNull();
        assertThat(log.getAll())
                .contains("spring.application.name is '1st', which cannot be the name of a service in Consul")
                .doesNotContain("\tat ");
    }

    @Test
    void misspeltSetting_isReportedInALine(CapturedOutput log) {
        assertThatThrownBy(() -> new GreeterInstance(consul, "middleware.instance.poool=secondary"))
                .isNotNull();
        assertThat(log.getAll())
                .contains(
                        "There is no setting middleware.instance.poool. The nearest setting is middleware.instance.pool.")
                .doesNotContain("\tat ");
    }

    @Test
    void hostThatIsNotKnown_isWarnedOf(CapturedOutput log) {
        try (GreeterInstance greeter = new GreeterInstance(consul, "middleware.instance.host=no-such-host.invalid")) {
            greeter.awaitStatus("passing", MOMENT);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(
                            () -> log.getAll()
                                    .contains(
                                            "the host no-such-host.invalid under which this server is registered cannot be resolved here"));
        }
    }

    @Test
    void check_saysWhatItIs() {
        try (GreeterInstance greeter = new GreeterInstance(consul)) {
            greeter.awaitStatus("passing", MOMENT);
            assertThat(consul.api()
                            .get("/v1/agent/checks")
                            .at("/service:" + GreeterInstance.ID + "/Notes")
                            .asString())
                    .isEqualTo("A heartbeat each 1000 ms; critical after 4s without one");
        }
    }

    @Test
    void disabledInstance_isAnOrdinaryServer() {
        try (GreeterInstance greeter = new GreeterInstance(consul, "middleware.instance.enabled=false")) {
            assertThat(greeter.application().getBeansOfType(HeartbeatScheduler.class))
                    .isEmpty();
            assertThat(greeter.application().getEnvironment().getProperty("server.shutdown"))
                    .isNull();
            assertThat(consul.api().get("/v1/agent/services").isEmpty()).isTrue();
            assertThat(greeter.greet()).isEqualTo("World");
        }
    }

    private static String status() {
        return consul.api().status(GreeterInstance.SERVICE, GreeterInstance.ID);
    }
}
