package io.middleware.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.outlier.Ejection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstanceChangesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final InstanceChanges changes = new InstanceChanges(InstantSource.fixed(NOW));
    private final Directory directory =
            new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), Ticker.system());

    @BeforeEach
    void listen() {
        directory.listen(changes::onChange);
    }

    @Test
    void whatTheRegistrySaysAndWhatCallsSee_areKeptInTheirOrder() {
        register("a");
        changes.onEjection(new Ejection(instance(), true, "connection refused"));
        changes.onEjection(new Ejection(instance(), false, "it answers probes"));
        directory.update("hello-service", List.of());

        assertThat(changes.last())
                .startsWith(
                        new RecordedChange(NOW, "hello-service", "a", "came", null),
                        new RecordedChange(NOW, "hello-service", "a", "ejected", "connection refused"),
                        new RecordedChange(NOW, "hello-service", "a", "back", "it answers probes"));
    }

    @Test
    void onlyTheLast_areKept() {
        register("a");
        for (int time = 0; time < InstanceChanges.MAX_KEPT; time++) {
            changes.onEjection(new Ejection(instance(), true, Integer.toString(time)));
        }

        assertThat(changes.last()).hasSize(InstanceChanges.MAX_KEPT);
        assertThat(changes.last().getFirst().because()).isEqualTo("0");
    }

    private Instance instance() {
        return directory.services().getFirst().candidates().all().getFirst();
    }

    private void register(String id) {
        directory.update(
                "hello-service",
                List.of(new Registration(
                        id, "127.0.0.1", 1, Pool.PRIMARY, 1, List.of("hello.v1.HelloService"), false, true, 1, 1)));
    }
}
