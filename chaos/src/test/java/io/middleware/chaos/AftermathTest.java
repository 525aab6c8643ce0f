package io.middleware.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AftermathTest {

    private static final long MILLI = 1_000;

    private final FakeClock clock = new FakeClock();
    private final Stage stage = new Stage(new FakeStack(clock), clock, FakeStack.parts());
    private final Map<String, Long> noticed = new HashMap<>();
    private final Notices notices = (instance, since) ->
            noticed.containsKey(instance) ? OptionalLong.of(noticed.get(instance)) : OptionalLong.empty();
    private final Aftermath aftermath = new Aftermath(FakeStack.parts(), notices, clock);
    private final Calls calls = new Calls();

    @Test
    void timeUntilAvoided_countsFromEachPartsOwnBreak() throws InterruptedException {
        stage.breaks("consul", "kill", "start");
        stage.waits(Duration.ofSeconds(3));
        stage.breaks("hello-service-1", "kill", "start");
        stage.breaks("hello-service-2", "kill", "start");
        noticed.put("hello-service-1", stage.brokenAt().get("hello-service-1") + 9 * MILLI);
        noticed.put("hello-service-2", stage.brokenAt().get("hello-service-2") + 4 * MILLI);

        assertThat(aftermath.avoided(stage)).hasValue(9 * MILLI);
    }

    @Test
    void serverThatWasNotAvoided_leavesNoTime() {
        stage.breaks("hello-service-1", "kill", "start");
        stage.faults("hello-service-2", "slow=2s");
        noticed.put("hello-service-1", stage.brokenAt().get("hello-service-1") + 9 * MILLI);

        assertThat(aftermath.avoided(stage)).isEmpty();
    }

    @Test
    void timeUntilUsedAgain_countsFromEachPartsOwnMending() throws InterruptedException {
        stage.breaks("hello-service-1", "kill", "start");
        stage.breaks("gateway-1", "kill", "start");
        stage.mends();
        answers(stage.mendedAt().get("hello-service-1") + 70 * MILLI, "hello-service-1", "gateway-2");
        answers(stage.mendedAt().get("gateway-1") + 20 * MILLI, "hello-service-2", "gateway-1");

        assertThat(aftermath.back(stage, calls)).hasValue(70 * MILLI);
    }

    @Test
    void partThatDoesNotAnswerAgain_isNotWaitedForForEver() throws InterruptedException {
        stage.breaks("hello-service-1", "kill", "start");
        stage.mends();

        assertThat(aftermath.back(stage, calls)).isEmpty();
    }

    @Test
    void roll_hasNeitherTime() throws InterruptedException {
        stage.restarts("hello-service-1");
        stage.mends();
        noticed.put("hello-service-1", clock.micros());
        answers(clock.micros(), "hello-service-1", "gateway-1");

        assertThat(aftermath.avoided(stage)).isEmpty();
        assertThat(aftermath.back(stage, calls)).isEmpty();
    }

    private void answers(long due, String instance, String gateway) {
        calls.line(new CallRecord(due, Kind.GRPC, 0, "", new Reply("", instance, gateway, 1, "")).toString());
    }
}
