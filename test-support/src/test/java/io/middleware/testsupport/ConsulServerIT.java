package io.middleware.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ConsulServerIT {

    @Test
    void forgetful_knowsNothingAfterARestart() {
        try (ConsulServer consul = ConsulServer.forgetful()) {
            consul.api().registerInstance("greeter", "greeter-1", "127.0.0.1", 12345, "primary", List.of("a.B", "c.D"));
            assertThat(consul.api().status("greeter", "greeter-1")).isEqualTo("passing");
            assertThat(consul.api()
                            .instance("greeter", "greeter-1")
                            .orElseThrow()
                            .at("/Service/Meta/grpc-services-1")
                            .asString())
                    .isEqualTo("a.B,c.D");

            consul.restart();

            assertThat(consul.api().status("greeter", "greeter-1")).isEqualTo("absent");
        }
    }

    @Test
    void remembering_loadsItsTtlChecksAsCritical() {
        try (ConsulServer consul = ConsulServer.remembering()) {
            consul.api()
                    .register(Map.of(
                            "Name", "greeter", "ID", "greeter-1", "Check", Map.of("TTL", "60s", "Status", "passing")));
            awaitStatus(consul, "passing");

            consul.restart();

            awaitStatus(consul, "critical");
            consul.api().deregister("greeter-1");
            awaitStatus(consul, "absent");
        }
    }

    @Test
    void freeze_leavesQuestionsUnansweredUntilThaw() {
        try (ConsulServer consul = ConsulServer.forgetful()) {
            consul.freeze();
            assertThat(consul.api().hasLeader()).isFalse();
            consul.thaw();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(consul.api()::hasLeader);
        }
    }

    @Test
    void api_saysWhatConsulDislikes() {
        try (ConsulServer consul = ConsulServer.forgetful()) {
            assertThatThrownBy(() -> consul.api().register(Map.of("Nonsense", 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("400");
        }
    }

    private static void awaitStatus(ConsulServer consul, String status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(consul.api().status("greeter", "greeter-1")).isEqualTo(status));
    }
}
