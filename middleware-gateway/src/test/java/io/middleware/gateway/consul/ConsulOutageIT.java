package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.testsupport.ConsulServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The watch while a real Consul dies, freezes, comes back, and comes back without its memory. */
@ExtendWith(OutputCaptureExtension.class)
class ConsulOutageIT extends WatchedConsul {
    @Test
    void killed_removesNothingAndConfirmsWhenItIsBackWithItsData(CapturedOutput output) {
        watch(ConsulServer.remembering());
        registerThree();

        consul.kill();
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isPositive());
        assertThat(instances()).hasSize(3).extracting(Instance::status).containsOnly(RegistryStatus.PASSING);

        consul.start();
        consul.api().deregister("g-2");
        soon().until(() -> instances().size() == 2);
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isZero());
        // the last line is written a moment after that
        soon().untilAsserted(() -> assertThat(afterStart(output))
                .containsOnlyOnce("gives no usable response")
                .containsOnlyOnce("responds again")
                .doesNotContain("Exception", "\tat "));
    }

    /** Before it lists services, a Consul that has just started may give a catalogue without itself. */
    private static String afterStart(CapturedOutput output) {
        String all = output.toString();
        return all.substring(all.indexOf("g-3 of greeter is new"));
    }

    @Test
    void restartedEmpty_isDoubtedForAMinuteThenBelieved() {
        watch(ConsulServer.forgetful());
        registerThree();

        consul.restart();
        soon().untilAsserted(() ->
                assertThat(instances()).extracting(Instance::status).containsOnly(RegistryStatus.UNCONFIRMED));
        assertThat(service().candidates().best(List.of())).as("still called").hasSize(3);
        register("greeter", "g-3", Map.of());
        soon().until(() -> standing("g-3") == RegistryStatus.PASSING);

        skip(Duration.ofSeconds(61));
        soon().untilAsserted(
                        () -> assertThat(instances()).extracting(Instance::id).containsExactly("g-3"));
    }

    @Test
    void restartedWithTtlChecksCritical_isDoubtedUntilTheNextBeat() {
        watch(ConsulServer.remembering());
        register("greeter", "g-1", ttl());
        register("greeter", "g-2", ttl());
        soon().until(() -> instances().size() == 2);

        consul.restart();
        soon().untilAsserted(() ->
                assertThat(instances()).extracting(Instance::status).containsOnly(RegistryStatus.UNCONFIRMED));
        consul.api().put("/v1/agent/check/pass/service:g-1", "");
        consul.api().put("/v1/agent/check/pass/service:g-2", "");
        soon().untilAsserted(() ->
                assertThat(instances()).extracting(Instance::status).containsOnly(RegistryStatus.PASSING));
    }

    @Test
    void frozen_isNoticedAndRemovesNothing(CapturedOutput output) {
        watch(ConsulServer.forgetful());
        registerThree();

        consul.freeze();
        soon().untilAsserted(
                        () -> assertThat(output).containsOnlyOnce("gives no usable response: no response within 6 s"));
        assertThat(instances()).hasSize(3).extracting(Instance::status).containsOnly(RegistryStatus.PASSING);

        consul.thaw();
        register("greeter", "g-4", Map.of());
        soon().until(() -> standing("g-4") == RegistryStatus.PASSING);
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isZero());
    }

    @Test
    void frozen_isNoticedAtOnceByTheHeartbeat_andThePollsAreAskedAnewAfterIt(CapturedOutput output) {
        watch(ConsulServer.forgetful());
        registerThree();
        soon().until(() -> consul.api().get("/v1/agent/services").size() == 3);

        consul.freeze();
        watch.onFailure("no response within 1 s");
        assertThat(watch.reachability().problem()).contains("no response within 1 s");
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isPositive());

        consul.thaw();
        watch.onSuccess();
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isZero());
        register("greeter", "g-4", Map.of());
        soon().until(() -> standing("g-4") == RegistryStatus.PASSING);
        assertThat(output).containsOnlyOnce("gives no usable response").containsOnlyOnce("responds again");
    }

    @Test
    void awayFromTheStart_loadsWhenItComes() throws Exception {
        ConsulServer late = ConsulServer.forgetful();
        late.stop();
        watch(late);
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isPositive());
        assertThat(directory.loaded()).isFalse();

        consul.start();
        directory.awaitLoaded();
        assertThat(directory.loaded()).isTrue();
    }
}
