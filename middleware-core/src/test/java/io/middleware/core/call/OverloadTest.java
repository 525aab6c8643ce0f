package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.Script;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that work on a few calls at a time while the others wait in a queue, and callers who come whether they do or not. */
class OverloadTest {
    private BusyServers servers = limiting(10, 10_000);

    @AfterEach
    void nothingIsLeft() {
        servers.finish();
    }

    @ParameterizedTest
    @CsvSource({"4, 20, " + SIGN, "4, 20, " + SAY_HELLO, "1, 2, " + SIGN, "16, 50, " + SAY_HELLO})
    void threeTimesTheLoad_isServedInTimeAtNearlyAllOfTheCapacity_theRestRefusedAtOnce_andNormalSoonAfter(
            int places, long work, String path) {
        double capacity = 3 * places * 1e3 / work;
        servers.start(places, Duration.ofMillis(work));

        servers.load(0.5 * capacity, 2, path);
        servers.load(3 * capacity, 10, path);
        servers.load(0.5 * capacity, 5, path);

        List<BusyServers.Result> overload = servers.between(3, 12);
        assertThat(overload.stream().filter(BusyServers.Result::served).count() / 9.0)
                .as("served a second, of %s", capacity)
                .isGreaterThan(0.9 * capacity);
        assertThat(overload.stream().filter(result -> !result.served() && !result.refused()))
                .as("neither served in time nor refused")
                .isEmpty();
        assertThat(overload.stream().filter(BusyServers.Result::refused))
                .isNotEmpty()
                .allMatch(result -> result.seconds() < 0.001);
        assertThat(servers.between(0, 2)).allMatch(BusyServers.Result::served);
        assertThat(servers.between(13, 17).stream()
                        .filter(result -> !result.served() || result.seconds() > 0.1 + 5e-3 * work))
                .as("not normal a second after the load")
                .isEmpty();
        System.out.printf(
                "%d places, %d ms: served %.3f of the capacity, slowest %.3f s%n",
                places,
                work,
                overload.stream().filter(BusyServers.Result::served).count() / 9.0 / capacity,
                overload.stream()
                        .filter(BusyServers.Result::served)
                        .mapToDouble(BusyServers.Result::seconds)
                        .max()
                        .orElseThrow());
    }

    /** Row 15 of the matrix. Hedges, for which there is reason at first, may not make twice the load of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void idleServersThatBecomeTooSlow_serveWhatTheyCan(int gateways) {
        servers = new BusyServers(
                CoreFixture.limiting(new Settings.Limit(true, Duration.ofMillis(500), 10, 10_000)), gateways);
        servers.deadline = Duration.ofSeconds(5);
        servers.start(BusyServers.ALL_AT_ONCE, Duration.ofMillis(2));
        servers.load(330, 20, SAY_HELLO);
        servers.all().forEach(server -> server.become(4, Duration.ofMillis(110)));
        servers.load(330, 10, SAY_HELLO);
        assertThat(servers.core.everyInstance)
                .as("limited")
                .allMatch(instance -> instance.limitInForce().isPresent());
        servers.all().forEach(server -> server.become(BusyServers.ALL_AT_ONCE, Duration.ofMillis(2)));
        servers.load(330, 5, SAY_HELLO);
        assertThat(servers.core.everyInstance)
                .as("limited")
                .allMatch(instance -> instance.limitInForce().isEmpty());

        List<BusyServers.Result> overload = servers.between(20, 30);
        assertThat(overload.stream().filter(BusyServers.Result::served).count() / 10.0)
                .as("served a second, of 109")
                .isGreaterThan(0.9 * 109);
        assertThat(overload.stream().filter(result -> !result.served() && !result.refused()))
                .isEmpty();
        assertThat(servers.between(31, 35)).allMatch(result -> result.served() && result.seconds() < 0.1);
    }

    @ParameterizedTest
    @CsvSource({"50, 5, 100", "50, 5, 20", "0.1, 60, 100", "0.1, 30, 5"})
    void overloadIsForgotten_soThatCallsAreNotRefusedThatAreSlowByNatureAfterIt(
            double between, double seconds, double after) {
        servers.deadline = Duration.ofSeconds(15);
        servers.start(4, Duration.ofMillis(50));
        servers.load(100, 5, SIGN);
        servers.load(720, 10, SIGN);
        assertThat(servers.between(7, 15)).anyMatch(BusyServers.Result::refused);
        servers.load(between, seconds, SIGN);

        servers.start(BusyServers.ALL_AT_ONCE, Duration.ofSeconds(6));
        servers.load(after, 20, SIGN);
        servers.finish();

        assertThat(servers.between(15 + seconds, 35 + seconds).stream().filter(result -> !result.served()))
                .isEmpty();
    }

    @Test
    void refusal_saysSo_costsNoBudget_andTakesNoSecondary() {
        servers = limiting(1, 2, "p1", "p2", "s1");
        CoreFixture core = servers.core;
        servers.start(0, Duration.ofMillis(1));
        double budget = core.service().budget().left();
        List<CoreFixture.Asked> taken =
                Stream.generate(() -> servers.ask(SIGN)).limit(4).toList();
        core.time.runDue();
        assertThat(core.transport.tried())
                .as("first the first one, then the other")
                .containsExactly("p1", "p1", "p2", "p2");

        RecordingCaller refused = core.call(SIGN);

        refused.assertFailed(
                Code.RESOURCE_EXHAUSTED,
                "each instance of hello-service that could take it has as many calls as it completes in time");
        assertThat(core.service().budget().left()).isGreaterThanOrEqualTo(budget);
        assertThat(core.transport.tried()).hasSize(4);
        taken.forEach(CoreFixture.Asked::cancel);
        core.call(SIGN);
        assertThat(core.transport.tried()).as("when there is room again").hasSize(5);
    }

    @Test
    void instanceThatRefusesStreams_isNotTriedAgain_whileTheOtherIsAtItsLimit() {
        servers = limiting(1, 2, "p1", "p2");
        CoreFixture core = servers.core;
        servers.start(0, Duration.ofMillis(1));
        List<CoreFixture.Asked> taken =
                Stream.generate(() -> servers.ask(SIGN)).limit(4).toList();
        taken.subList(0, 2).forEach(CoreFixture.Asked::cancel);
        core.transport.always("p1", Script.unsent());

        RecordingCaller refused = core.call(SIGN);

        assertThat(core.transport.tried()).containsExactly("p1", "p1", "p2", "p2", "p1");
        refused.assertFailed(
                Code.RESOURCE_EXHAUSTED,
                "hello-service gave no response: p1 (primary): stream refused. Not retried: "
                        + "each instance of hello-service that could take it has as many calls as it completes in time");
        taken.subList(2, 4).forEach(CoreFixture.Asked::cancel);
    }

    @Test
    void streams_areNeitherLimitedNorCounted() {
        servers = limiting(1, 1, "p1");
        CoreFixture core = servers.core;
        servers.start(0, Duration.ofMillis(1));
        List<CoreFixture.Asked> streams = Stream.generate(() -> servers.ask(CoreFixture.CHAT))
                .limit(1_000)
                .toList();
        core.time.runDue();
        assertThat(core.transport.tried()).hasSize(1_000);
        CoreFixture.Asked unary = servers.ask(SIGN);
        assertThat(core.transport.tried()).hasSize(1_001);
        streams.forEach(CoreFixture.Asked::cancel);
        unary.cancel();
    }

    @Test
    void turnedOff_refusesNobody() {
        servers = new BusyServers(CoreFixture.limiting(new Settings.Limit(false, Duration.ofMillis(500), 1, 1)), "p1");
        CoreFixture core = servers.core;
        servers.start(0, Duration.ofMillis(1));
        List<CoreFixture.Asked> all =
                Stream.generate(() -> servers.ask(SIGN)).limit(100).toList();
        assertThat(core.transport.tried()).hasSize(100);
        all.forEach(CoreFixture.Asked::cancel);
    }

    private static BusyServers limiting(int least, int most, String... ids) {
        return new BusyServers(
                CoreFixture.limiting(new Settings.Limit(true, Duration.ofMillis(500), least, most)), ids);
    }
}
