package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Priority;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes first when more calls come than servers complete in time. */
class PriorityTest {
    private static final double CAPACITY = 3 * 4 / 0.110;

    private BusyServers servers = gateways(1);
    private int calls;

    @AfterEach
    void nothingIsLeft() {
        servers.finish();
    }

    /** Row 15 of the matrix: three times the load, of which the critical third is as much as the servers complete. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void criticalThird_isServed_sheddableAreRefused(int gateways) {
        servers = gateways(gateways);
        servers.deadline = Duration.ofSeconds(15);
        inTurn(Priority.CRITICAL, Priority.NORMAL, Priority.SHEDDABLE);

        rowFifteen(330, SAY_HELLO);

        assertThat(share(Priority.CRITICAL, BusyServers.Result::served)).isGreaterThan(0.99);
        assertThat(share(Priority.SHEDDABLE, BusyServers.Result::refused)).isGreaterThan(0.7);
        assertThat(results().filter(result -> !result.served() && !result.refused()))
                .as("neither served in time nor refused")
                .isEmpty();
        assertThat(results().filter(BusyServers.Result::served).count() / 10.0)
                .as("served a second")
                .isGreaterThan(0.9 * CAPACITY);
        assertThat(servers.between(32, 35)).allMatch(result -> result.served() && result.seconds() < 0.1);
    }

    @Test
    void fewerCritical_leaveTheRestToNormalCalls_beforeSheddable() {
        inTurn(
                Priority.CRITICAL,
                Priority.NORMAL,
                Priority.SHEDDABLE,
                Priority.NORMAL,
                Priority.SHEDDABLE,
                Priority.NORMAL);

        rowFifteen(330, SIGN);

        assertThat(share(Priority.CRITICAL, BusyServers.Result::served)).isGreaterThan(0.99);
        assertThat(share(Priority.NORMAL, BusyServers.Result::served))
                .as("those let in before the queue was noticed included")
                .isGreaterThan(1.5 * share(Priority.SHEDDABLE, BusyServers.Result::served));
        assertThat(results().filter(BusyServers.Result::served).count() / 10.0)
                .as("served a second")
                .isGreaterThan(0.9 * CAPACITY);
    }

    @ParameterizedTest
    @EnumSource(Priority.class)
    void onePriorityAlone_usesTheWholeOfTheServers_andTheRestIsRefusedAtOnce(Priority alone) {
        servers.priority = () -> alone;

        rowFifteen(330, SIGN);

        assertThat(results().filter(BusyServers.Result::served).count() / 10.0)
                .as("served a second")
                .isGreaterThan(0.9 * CAPACITY);
        assertThat(results().filter(result -> !result.served() && !result.refused()))
                .as("neither served in time nor refused")
                .isEmpty();
        assertThat(results().filter(BusyServers.Result::refused)).allMatch(result -> result.seconds() < 0.001);
    }

    @Test
    void sheddable_areServedAsAll_whileThereIsNoOverload() {
        inTurn(Priority.CRITICAL, Priority.NORMAL, Priority.SHEDDABLE);
        servers.start(4, Duration.ofMillis(20));
        servers.load(0.8 * 3 * 4 / 0.020, 10, SIGN);
        servers.finish();

        assertThat(servers.results).hasSizeGreaterThan(4_000).allMatch(BusyServers.Result::served);
    }

    @Test
    void sheddableAlone_inBursts_areNotRefused() {
        servers.priority = () -> Priority.SHEDDABLE;
        servers.deadline = Duration.ofSeconds(1);
        servers.start(16, Duration.ofMillis(10));
        for (int second = 0; second < 5; second++) {
            for (int i = 0; i < 300; i++) {
                servers.come(SIGN);
            }
            servers.load(0.7 * 4_800 - 300, 1, SIGN);
        }
        servers.finish();

        assertThat(servers.results).allMatch(BusyServers.Result::served);
    }

    @ParameterizedTest
    @CsvSource({"CRITICAL", "NORMAL"})
    void largestLimit_holdsForAll(Priority priority) {
        servers = new BusyServers(CoreFixture.limiting(new Settings.Limit(true, Duration.ofMillis(500), 1, 2)), "p1");
        servers.priority = () -> priority;
        servers.start(0, Duration.ofMillis(1));
        for (int i = 0; i < 5; i++) {
            servers.come(SIGN);
        }

        assertThat(servers.results.stream().filter(BusyServers.Result::refused)).hasSize(3);
    }

    @Test
    void refusal_saysThatOthersGoFirst() {
        servers = new BusyServers(CoreFixture.limiting(new Settings.Limit(true, Duration.ofMillis(500), 1, 1)), "p1");
        servers.priority = () -> Priority.SHEDDABLE;
        servers.start(0, Duration.ofMillis(1));
        servers.come(SIGN);
        servers.come(SIGN);

        assertThat(servers.results.getFirst().caller().failure.message()).endsWith("in time, and others go first");
    }

    private void rowFifteen(double perSecond, String path) {
        servers.start(BusyServers.ALL_AT_ONCE, Duration.ofMillis(2));
        servers.load(perSecond, 20, path);
        servers.all().forEach(server -> server.become(4, Duration.ofMillis(110)));
        servers.load(perSecond, 10, path);
        servers.all().forEach(server -> server.become(BusyServers.ALL_AT_ONCE, Duration.ofMillis(2)));
        servers.load(perSecond, 5, path);
    }

    private void inTurn(Priority... priorities) {
        servers.priority = () -> priorities[calls++ % priorities.length];
    }

    private Stream<BusyServers.Result> results() {
        return servers.between(20, 30).stream();
    }

    private double share(Priority priority, Predicate<BusyServers.Result> which) {
        List<BusyServers.Result> all =
                results().filter(result -> result.priority() == priority).toList();
        return all.stream().filter(which).count() / (double) all.size();
    }

    private static BusyServers gateways(int count) {
        BusyServers servers = new BusyServers(
                CoreFixture.limiting(new Settings.Limit(true, Duration.ofMillis(500), 10, 10_000)), count);
        servers.deadline = Duration.ofSeconds(5);
        return servers;
    }
}
