package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.ConsulServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A running instance while its Consul forgets it, dies, and freezes. */
@ExtendWith(OutputCaptureExtension.class)
class InstanceIT {

    private static final Duration MOMENT = Duration.ofSeconds(5);
    private static final String AWAY = ": no heartbeat reaches Consul";
    private static final String BACK = "heartbeats reach Consul";

    private static ConsulServer consul;
    private static GreeterInstance greeter;

    @BeforeAll
    static void start() {
        consul = ConsulServer.forgetful();
        greeter = new GreeterInstance(consul);
    }

    @AfterAll
    static void stop() {
        greeter.close();
        consul.close();
    }

    @BeforeEach
    void isPassing() {
        greeter.awaitStatus("passing", MOMENT);
    }

    @Test
    void heartbeat_saysWhenItBeat() {
        String first = greeter.lastHeartbeat();
        assertThat(first).startsWith("beat at 20").contains("next within 1000 ms");
        Awaitility.await().atMost(MOMENT).until(() -> !greeter.lastHeartbeat().equals(first));
    }

    @Test
    void forgottenInstance_isBackWithTheNextBeat() {
        consul.api().deregister(GreeterInstance.ID);
        greeter.awaitStatus("passing", Duration.ofSeconds(2));
    }

    @Test
    void outage_changesNothingForCallersAndEndsByItself(CapturedOutput log) {
        consul.kill();

        Awaitility.await().atMost(MOMENT).until(() -> log.getOut().contains(AWAY));
        assertThat(greeter.greet()).isEqualTo("World");
        assertThat(greeter.readiness()).isEqualTo(200);

        consul.start();
        greeter.awaitStatus("passing", Duration.ofSeconds(2));
        Awaitility.await().atMost(MOMENT).until(() -> log.getOut().contains(BACK));
        assertThat(log.getOut().lines().filter(line -> line.contains(AWAY))).hasSize(1);
        assertThat(log.getOut()).doesNotContain("\tat ");
    }

    @Test
    void frozenConsul_stopsNothing(CapturedOutput log) {
        consul.freeze();

        Awaitility.await().atMost(MOMENT).until(() -> log.getOut().contains(AWAY));
        assertThat(greeter.greet()).isEqualTo("World");
        assertThat(greeter.readiness()).isEqualTo(200);

        consul.thaw();
        Awaitility.await().atMost(MOMENT).until(() -> log.getOut().contains(BACK));
        greeter.awaitStatus("passing", MOMENT);
    }

    @Test
    void applicationThatRefusesTraffic_isNotInConsul() {
        AvailabilityChangeEvent.publish(greeter.application(), ReadinessState.REFUSING_TRAFFIC);
        assertThat(consul.api().status(GreeterInstance.SERVICE, GreeterInstance.ID))
                .isEqualTo("absent");
        assertThat(greeter.readiness()).isEqualTo(503);

        AvailabilityChangeEvent.publish(greeter.application(), ReadinessState.ACCEPTING_TRAFFIC);
        greeter.awaitStatus("passing", MOMENT);
        assertThat(greeter.readiness()).isEqualTo(200);
    }
}
