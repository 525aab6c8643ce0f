package io.middleware.chaos.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.stack.FakeClock;
import io.middleware.chaos.stack.FakeStack;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecoveryTimesTest {

    private static final long MILLI = 1_000;

    private final FakeClock clock = new FakeClock();
    private final FaultInjector injector = new FaultInjector(new FakeStack(clock), clock, FakeStack.parts());
    private final Map<String, Long> noticed = new HashMap<>();
    private final DetectionTimes notices = (instance, since) ->
            noticed.containsKey(instance) ? OptionalLong.of(noticed.get(instance)) : OptionalLong.empty();
    private final RecoveryTimes recoveryTimes = new RecoveryTimes(FakeStack.parts(), notices, clock);
    private final Calls calls = new Calls();

    @Test
    void timeUntilAvoided_countsFromEachPartsOwnBreak() throws InterruptedException {
        injector.breakPart("consul", "kill", "start");
        injector.sleep(Duration.ofSeconds(3));
        injector.breakPart("hello-service-1", "kill", "start");
        injector.breakPart("hello-service-2", "kill", "start");
        noticed.put("hello-service-1", injector.brokenAt().get("hello-service-1") + 9 * MILLI);
        noticed.put("hello-service-2", injector.brokenAt().get("hello-service-2") + 4 * MILLI);

        assertThat(recoveryTimes.avoided(injector)).hasValue(9 * MILLI);
    }

    @Test
    void serverThatWasNotAvoided_leavesNoTime() {
        injector.breakPart("hello-service-1", "kill", "start");
        injector.inject("hello-service-2", "slow=2s");
        noticed.put("hello-service-1", injector.brokenAt().get("hello-service-1") + 9 * MILLI);

        assertThat(recoveryTimes.avoided(injector)).isEmpty();
    }

    @Test
    void timeUntilUsedAgain_countsFromEachPartsOwnMending() throws InterruptedException {
        injector.breakPart("hello-service-1", "kill", "start");
        injector.breakPart("gateway-1", "kill", "start");
        injector.mend();
        respond(injector.mendedAt().get("hello-service-1") + 70 * MILLI, "hello-service-1", "gateway-2");
        respond(injector.mendedAt().get("gateway-1") + 20 * MILLI, "hello-service-2", "gateway-1");

        assertThat(recoveryTimes.usedAgain(injector, calls)).hasValue(70 * MILLI);
    }

    @Test
    void partThatDoesNotRespondAgain_isNotWaitedForForEver() throws InterruptedException {
        injector.breakPart("hello-service-1", "kill", "start");
        injector.mend();

        assertThat(recoveryTimes.usedAgain(injector, calls)).isEmpty();
    }

    @Test
    void roll_hasNeitherTime() throws InterruptedException {
        injector.restart("hello-service-1");
        injector.mend();
        noticed.put("hello-service-1", clock.micros());
        respond(clock.micros(), "hello-service-1", "gateway-1");

        assertThat(recoveryTimes.avoided(injector)).isEmpty();
        assertThat(recoveryTimes.usedAgain(injector, calls)).isEmpty();
    }

    private void respond(long due, String instance, String gateway) {
        calls.add(new CallRecord(due, Kind.GRPC, 0, "", new Reply("", instance, gateway, 1, "")).toString());
    }
}
