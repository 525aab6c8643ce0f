package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ConsulReachabilityTest {
    private long now = 1;
    private final ConsulReachability reachability = new ConsulReachability("http://consul:8500", () -> now);

    @Test
    void age_isSinceTheStartBeforeTheFirstResponse() {
        pass(3);
        assertThat(reachability.age()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void age_isZeroWhileARequestIsInFlight() {
        reachability.onSuccess("a");
        pass(9);
        assertThat(reachability.age()).isZero();
    }

    @Test
    void age_isSinceTheLastResponseInAnOutage() {
        reachability.onSuccess("a");
        pass(9);
        reachability.onFailure("a", "refused");
        pass(1);
        assertThat(reachability.age()).isEqualTo(Duration.ofSeconds(10));

        reachability.onSuccess("a");
        assertThat(reachability.age()).isZero();
    }

    @Test
    void outage_isReportedOnceHoweverManyNotice(CapturedOutput output) {
        reachability.onSuccess("a");
        reachability.onFailure("a", "refused");
        reachability.onFailure("b", "no response within 2 s");
        reachability.onFailure("a", "refused");
        assertThat(output)
                .containsOnlyOnce("Consul at http://consul:8500 gives no usable response: refused; "
                        + "the last known instances stay in use");

        pass(5);
        reachability.onSuccess("a");
        assertThat(output).doesNotContain("responds again");
        reachability.onSuccess("b");
        assertThat(output).containsOnlyOnce("Consul at http://consul:8500 responds again");
    }

    @Test
    void listeners_hearOfEachChangeOnce_whenItHappens() {
        List<String> heard = new ArrayList<>();
        reachability.listen((away, age) -> heard.add((away ? "away " : "back ") + age.toSeconds()));
        reachability.onSuccess("a");
        assertThat(heard).isEmpty();

        pass(2);
        reachability.onFailure("a", "refused");
        reachability.onFailure("b", "refused");
        assertThat(heard).containsExactly("away 2");
        pass(5);
        reachability.onSuccess("a");
        reachability.onSuccess("b");
        reachability.onSuccess("a");
        assertThat(heard).containsExactly("away 2", "back 7");
    }

    @Test
    void anotherReason_isReportedAtOnce_thenOthersAfterAMinute(CapturedOutput output) {
        reachability.onSuccess("a");
        reachability.onFailure("a", "the connection was lost");
        reachability.onFailure("a", "cannot connect");
        assertThat(output).containsOnlyOnce("is still away, now for another reason: cannot connect");
        pass(59);
        reachability.onFailure("a", "its certificate is another's");
        assertThat(output).containsOnlyOnce("for another reason");

        pass(2);
        reachability.onFailure("a", "its certificate is another's");
        pass(120);
        reachability.onFailure("a", "its certificate is another's");
        assertThat(output)
                .containsOnlyOnce(
                        "Consul at http://consul:8500 is still away, now for another reason: its certificate is"
                                + " another's");
    }

    @Test
    void age_growsWhileOneGetsNoResponseThoughAnotherDoes() {
        reachability.onSuccess("heartbeat");
        reachability.onSuccess("poll");
        reachability.onFailure("poll", "status 403: Permission denied");
        pass(3);
        assertThat(reachability.onSuccess("heartbeat")).as("it had not failed").isFalse();
        assertThat(reachability.age()).isEqualTo(Duration.ofSeconds(3));
        assertThat(reachability.problem()).contains("status 403: Permission denied");

        assertThat(reachability.onSuccess("poll")).as("its failure ended").isTrue();
        assertThat(reachability.age()).isZero();
        assertThat(reachability.problem()).isEmpty();
    }

    @Test
    void endedPoll_keepsNoOutageOpen() {
        reachability.onSuccess("a");
        reachability.onFailure("b", "refused");
        reachability.onEnd("b");
        pass(3);
        assertThat(reachability.age()).as("until somebody gets a response").isEqualTo(Duration.ofSeconds(3));
        reachability.onSuccess("a");
        assertThat(reachability.age()).isZero();
        assertThat(reachability.problem()).isEmpty();
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
