package io.middleware.core.call;

import static io.middleware.core.call.BusyServers.ALL_AT_ONCE;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like too much load and is none: nobody may be refused for it. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class OrdinaryLoadTest {
    private final BusyServers servers =
            new BusyServers(CoreFixture.limiting(new Settings.Limit(true, Duration.ofMillis(500), 10, 10_000)));

    {
        servers.deadline = Duration.ofSeconds(15);
    }

    @AfterEach
    void nobodyWasRefused_andNothingIsLeft() {
        servers.finish();
        assertThat(servers.results).hasSizeGreaterThan(50);
        assertThat(servers.results.stream().filter(BusyServers.Result::refused)).isEmpty();
    }

    private void everyCallWasServed() {
        servers.finish();
        assertThat(servers.results.stream().filter(result -> !result.served())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void bursts(int burst) {
        servers.deadline = Duration.ofSeconds(1);
        servers.start(16, Duration.ofMillis(10));
        double capacity = 3 * 16 * 100;
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < burst; i++) {
                servers.come(SIGN);
            }
            servers.load(0.7 * capacity - burst, 1, SIGN);
        }
        everyCallWasServed();
    }

    @ParameterizedTest
    @CsvSource({
        "50, 10, 1000",
        "3000, 10, 1000",
        "6000, 10, 1000",
        "6000, 300, 300",
        "6000, 100, 200",
        "6000, 3, 30",
        "300, 1, 500"
    })
    void callsThatAreSlowByNature_andComeMoreOftenAllOfASudden(long millis, double before, double after) {
        servers.start(ALL_AT_ONCE, Duration.ofMillis(millis));
        servers.load(before, 15, SIGN);
        servers.load(after, 15, SIGN);
        everyCallWasServed();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 6000, 100",
        "2, 6000, 10",
        "50, 6000, 300",
        "50, 300, 1000",
        "1000, 3000, 300",
        "2000, 6000, 300",
        "6000, 50, 100"
    })
    void callsThatTakeLonger_sinceTheirServersWereReplaced(long before, long after, double perSecond) {
        servers.start(ALL_AT_ONCE, Duration.ofMillis(before));
        servers.load(perSecond, 10, SIGN);
        servers.all().forEach(server -> server.works(() -> Duration.ofMillis(after)));
        servers.load(perSecond, 20, SIGN);
        everyCallWasServed();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 200})
    void callsThatAreSlowByNature_whileTheirServersRestart(int perSecond) {
        servers.start(ALL_AT_ONCE, Duration.ofSeconds(6));
        servers.load(perSecond, 10, SAY_HELLO);
        for (String id : new String[] {"p1", "p2", "p3"}) {
            servers.server(id).restart();
            servers.load(perSecond, 4, SAY_HELLO);
        }
        servers.load(perSecond, 10, SAY_HELLO);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 10", "0.5, 100", "0.1, 100", "0.01, 300", "0.9, 30", "0.99, 300"})
    void callsOfDifferentKinds(double slow, double perSecond) {
        servers.start(
                ALL_AT_ONCE,
                () -> Duration.ofMillis(
                        servers.random.nextDouble() > slow ? 50 : servers.random.nextBoolean() ? 3_000 : 6_000));
        servers.load(perSecond, 30, SIGN);
        servers.load(5 * perSecond, 15, SIGN);
        servers.load(perSecond, 15, SIGN);
        everyCallWasServed();
    }

    @Test
    void callsThatTakeSlowlyLonger() {
        long begin = servers.core.time.nanos();
        servers.start(
                ALL_AT_ONCE,
                () -> Duration.ofMillis(50)
                        .plus(Duration.ofNanos(servers.core.time.nanos() - begin)
                                .dividedBy(20)));
        servers.load(300, 60, SIGN);
        everyCallWasServed();
    }

    @Test
    void coldServers() {
        int[] calls = {0};
        servers.start(8, () -> Duration.ofMillis(Math.max(2, 400 - 4 * calls[0]++)));
        servers.load(300, 20, SAY_HELLO);
        calls[0] = 0;
        servers.all().forEach(BusyServers.Server::restart);
        servers.load(300, 10, SAY_HELLO);
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGN, SAY_HELLO})
    void oneFrozen_thenThawed(String path) {
        servers.start(8, Duration.ofMillis(50));
        servers.load(200, 5, path);
        servers.server("p1").freeze();
        servers.core.transport.probeTimesOut("p1");
        servers.load(200, 10, path);
        servers.core.transport.probeFinds("p1", null);
        servers.server("p1").thaw();
        servers.load(200, 5, path);
    }

    @Test
    void oneSlow() {
        servers.start(ALL_AT_ONCE, Duration.ofMillis(2));
        servers.load(300, 5, SAY_HELLO);
        servers.server("p1").works(() -> Duration.ofSeconds(2));
        servers.load(300, 10, SAY_HELLO);
        servers.server("p1").works(() -> Duration.ofMillis(2));
        servers.load(300, 5, SAY_HELLO);
        everyCallWasServed();
    }

    @Test
    void everythingTenTimesSlower_forSeconds() {
        Supplier<Duration> usual = () -> Duration.ofMillis(2 + servers.random.nextInt(3));
        servers.start(2, usual);
        servers.load(180, 5, SIGN);
        servers.all().forEach(server -> server.works(() -> usual.get().multipliedBy(10)));
        servers.load(180, 5, SIGN);
        servers.all().forEach(server -> server.works(usual));
        servers.load(180, 5, SIGN);
        everyCallWasServed();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3})
    void aPauseOfAll(double seconds) {
        servers.start(2, Duration.ofMillis(10));
        servers.load(300, 5, SIGN);
        servers.all().forEach(BusyServers.Server::freeze);
        servers.load(300, seconds, SIGN);
        servers.all().forEach(BusyServers.Server::thaw);
        servers.load(300, 15, SIGN);
        everyCallWasServed();
    }
}
