package io.middleware.core.directory;

import static io.middleware.core.fixture.CoreFixture.failing;
import static io.middleware.core.fixture.CoreFixture.inMaintenance;
import static io.middleware.core.fixture.CoreFixture.passing;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Outcome;
import io.middleware.core.directory.InstanceChange.Kind;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.RegistryStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How one service's instances follow the registry's answers. */
class RegistryDoubtTest {
    private final CoreFixture core = CoreFixture.serving("p1", "p2", "p3", "p4");

    @Test
    void newInstances_came() {
        assertThat(kinds()).containsExactly("CAME p1", "CAME p2", "CAME p3", "CAME p4");
        assertThat(core.best()).containsExactly("p1", "p2", "p3", "p4");
    }

    @Test
    void sameResponseAgain_isNoNews() {
        core.changes.clear();
        core.register(passing("p1"), passing("p2"), passing("p3"), passing("p4"));
        assertThat(core.changes).isEmpty();
    }

    @Test
    void halfDropped_isBelieved() {
        core.changes.clear();
        core.register(passing("p1"), passing("p2"), failing("p3"));
        assertThat(core.statuses())
                .isEqualTo(Map.of(
                        "p1", RegistryStatus.PASSING, "p2", RegistryStatus.PASSING, "p3", RegistryStatus.FAILING));
        assertThat(core.best()).containsExactly("p1", "p2");
        assertThat(kinds()).containsExactlyInAnyOrder("FAILING p3", "GONE p4");
    }

    @Test
    void moreThanHalfDropped_isDoubted() {
        core.changes.clear();
        core.register(passing("p1"), failing("p2"));
        assertThat(core.statuses())
                .isEqualTo(Map.of(
                        "p1",
                        RegistryStatus.PASSING,
                        "p2",
                        RegistryStatus.UNCONFIRMED,
                        "p3",
                        RegistryStatus.UNCONFIRMED,
                        "p4",
                        RegistryStatus.UNCONFIRMED));
        assertThat(core.best()).as("in doubt is behind what passes").containsExactly("p1");
        assertThat(core.service().candidates().best(List.of(core.instance("p1"))))
                .extracting(Instance::id)
                .containsExactly("p2", "p3", "p4");
        assertThat(kinds()).containsExactly("DOUBTED p2", "DOUBTED p3", "DOUBTED p4");
    }

    @Test
    void allDropped_isDoubted() {
        core.register();
        assertThat(core.statuses().values()).containsOnly(RegistryStatus.UNCONFIRMED);
        assertThat(core.best()).containsExactly("p1", "p2", "p3", "p4");
    }

    @Test
    void allCritical_asAfterARestartOfTheRegistry_isDoubted() {
        core.register(failing("p1"), failing("p2"), failing("p3"), failing("p4"));
        assertThat(core.best()).containsExactly("p1", "p2", "p3", "p4");
    }

    @Test
    void allCriticalOneAfterAnother_isDoubtedAsAWhole() {
        core.register(failing("p1"), passing("p2"), passing("p3"), passing("p4"));
        core.register(failing("p1"), failing("p2"), passing("p3"), passing("p4"));
        assertThat(core.best()).containsExactly("p3", "p4");
        core.time.advance(Duration.ofSeconds(4));
        core.register(failing("p1"), failing("p2"), failing("p3"), passing("p4"));
        assertThat(core.best()).containsExactly("p4");
        assertThat(core.statuses())
                .containsEntry("p1", RegistryStatus.UNCONFIRMED)
                .containsEntry("p2", RegistryStatus.UNCONFIRMED);
        core.register(failing("p1"), failing("p2"), failing("p3"), failing("p4"));
        assertThat(core.best()).containsExactly("p1", "p2", "p3", "p4");
        assertThat(core.statuses().values()).containsOnly(RegistryStatus.UNCONFIRMED);
    }

    @Test
    void criticalOneByOneInTheCourseOfTime_isBelieved() {
        core.register(failing("p1"), passing("p2"), passing("p3"), passing("p4"));
        core.time.advance(Duration.ofSeconds(5));
        core.register(failing("p1"), failing("p2"), passing("p3"), passing("p4"));
        core.time.advance(Duration.ofSeconds(5));
        core.register(failing("p1"), failing("p2"), failing("p3"), passing("p4"));
        assertThat(core.best()).containsExactly("p4");
    }

    @Test
    void instancesThatNeverPassed_areNotLost() {
        core.register(
                passing("p1"),
                passing("p2"),
                passing("p3"),
                passing("p4"),
                failing("p5"),
                failing("p6"),
                failing("p7"));
        core.register(
                failing("p1"),
                passing("p2"),
                passing("p3"),
                passing("p4"),
                failing("p5"),
                failing("p6"),
                failing("p7"));
        assertThat(core.statuses()).containsEntry("p1", RegistryStatus.FAILING);
    }

    @Test
    void unconfirmed_stayThroughResponsesThatBringThemBackOneByOne() {
        core.register();
        core.time.advance(Duration.ofSeconds(10));
        core.register(passing("p3"));
        assertThat(core.statuses())
                .isEqualTo(Map.of(
                        "p1",
                        RegistryStatus.UNCONFIRMED,
                        "p2",
                        RegistryStatus.UNCONFIRMED,
                        "p3",
                        RegistryStatus.PASSING,
                        "p4",
                        RegistryStatus.UNCONFIRMED));
        core.register(passing("p3"), failing("p1"));
        assertThat(core.statuses()).containsEntry("p1", RegistryStatus.UNCONFIRMED);
        core.register(passing("p3"), passing("p1"), passing("p4"));
        assertThat(core.statuses())
                .containsEntry("p2", RegistryStatus.UNCONFIRMED)
                .containsEntry("p1", RegistryStatus.PASSING);
        core.register(passing("p1"), passing("p2"), passing("p3"), passing("p4"));
        assertThat(core.statuses().values()).containsOnly(RegistryStatus.PASSING);
    }

    @Test
    void unconfirmed_confirmedAgain_isNews() {
        core.register();
        core.changes.clear();
        core.register(passing("p1"));
        assertThat(kinds()).containsExactly("CONFIRMED p1");
    }

    @Test
    void unconfirmed_endAfter60Seconds() {
        core.register(passing("p2"));
        core.changes.clear();
        core.time.advance(Duration.ofMillis(59_999));
        core.directory.expire();
        assertThat(core.statuses()).hasSize(4);
        core.time.advance(Duration.ofMillis(1));
        core.directory.expire();
        assertThat(core.statuses()).isEqualTo(Map.of("p2", RegistryStatus.PASSING));
        assertThat(kinds()).containsExactlyInAnyOrder("GONE p1", "GONE p3", "GONE p4");
    }

    @Test
    void unconfirmed_thatFailTheirChecksWhileOthersPass_areBelievedToFailSoon() {
        core.register(failing("p1"), failing("p2"), failing("p3"), passing("p4"));
        core.time.advance(Duration.ofSeconds(4));
        core.directory.expire();
        assertThat(core.statuses()).containsEntry("p1", RegistryStatus.UNCONFIRMED);
        core.time.advance(Duration.ofSeconds(1));
        core.directory.expire();
        assertThat(core.statuses())
                .isEqualTo(Map.of(
                        "p1",
                        RegistryStatus.FAILING,
                        "p2",
                        RegistryStatus.FAILING,
                        "p3",
                        RegistryStatus.FAILING,
                        "p4",
                        RegistryStatus.PASSING));
    }

    @Test
    void unconfirmed_thatFailTheirChecksAsAllDo_areDoubtedForLong() {
        core.register(failing("p1"), failing("p2"), failing("p3"), failing("p4"));
        core.time.advance(Duration.ofSeconds(59));
        core.directory.expire();
        assertThat(core.best()).containsExactly("p1", "p2", "p3", "p4");
    }

    @Test
    void unconfirmed_getNoMoreTimeByFurtherResponses() {
        core.register(passing("p1"));
        core.time.advance(Duration.ofSeconds(40));
        core.register(passing("p1"), failing("p2"));
        core.time.advance(Duration.ofSeconds(20));
        core.directory.expire();
        assertThat(core.statuses()).isEqualTo(Map.of("p1", RegistryStatus.PASSING, "p2", RegistryStatus.FAILING));
    }

    @Test
    void unconfirmed_thatRefusesAConnection_isOutOfTheChoice() {
        core.register();
        core.outliers.attempted(core.instance("p2"), Outcome.unreachable("connection refused"));
        assertThat(core.best()).containsExactly("p1", "p3", "p4");
    }

    @Test
    void failing_isTriedOnlyWhenThereIsNothingBetter() {
        core.register(passing("p1"), passing("p2"), passing("p3"), failing("p4"));
        core.time.advance(RegistryDoubt.AT_ONCE);
        core.register(passing("p1"), passing("p2"), failing("p3"), failing("p4"));
        core.time.advance(RegistryDoubt.AT_ONCE);
        core.register(passing("p1"), failing("p2"), failing("p3"), failing("p4"));
        assertThat(core.best()).containsExactly("p1");
        core.outliers.attempted(core.instance("p1"), Outcome.unreachable("connection refused"));
        assertThat(core.best()).as("ejected, but the registry believes in it").containsExactly("p1");
        assertThat(core.service().candidates().best(List.of(core.instance("p1"))))
                .extracting(Instance::id)
                .containsExactly("p2", "p3", "p4");
    }

    @Test
    void failing_isGoneWhenDeregistered_andConfirmedWhenItPasses() {
        core.register(passing("p1"), passing("p2"), failing("p3"), failing("p4"));
        core.changes.clear();
        core.register(passing("p1"), passing("p2"), passing("p3"));
        assertThat(kinds()).containsExactlyInAnyOrder("CONFIRMED p3", "GONE p4");
    }

    @Test
    void failing_keepsUpWithItsRegistration() {
        core.register(passing("p1"), passing("p2"), passing("p3"), failing("p4"));
        Registration r = failing("p4");
        Registration newer =
                new Registration("p4", r.host(), r.port(), Pool.SECONDARY, 3, r.grpcServices(), true, false, 10, 99);
        core.register(passing("p1"), passing("p2"), passing("p3"), newer);
        assertThat(core.instance("p4").registration()).isEqualTo(newer);
    }

    @Test
    void movedAddress_isAnotherServer() {
        Instance before = core.instance("p1");
        core.outliers.attempted(before, Outcome.unreachable("connection refused"));
        core.changes.clear();
        Registration r = passing("p1");
        core.register(
                new Registration("p1", r.host(), r.port() + 1, r.pool(), 1, r.grpcServices(), false, true, 77, 77),
                passing("p2"),
                passing("p3"),
                passing("p4"));
        assertThat(kinds()).containsExactly("GONE p1", "CAME p1");
        assertThat(before.status()).isEqualTo(RegistryStatus.GONE);
        assertThat(core.instance("p1")).isNotSameAs(before);
        assertThat(core.instance("p1").ejected()).isFalse();
    }

    @Test
    void sameServerRegisteredAgain_keepsItsObjectAndState() {
        Instance before = core.instance("p1");
        core.outliers.attempted(before, Outcome.unreachable("connection refused"));
        core.changes.clear();
        Registration r = passing("p1");
        core.register(
                new Registration("p1", r.host(), r.port(), r.pool(), 5, r.grpcServices(), false, true, 77, 77),
                passing("p2"),
                passing("p3"),
                passing("p4"));
        assertThat(core.instance("p1")).isSameAs(before);
        assertThat(before.ejected()).isTrue();
        assertThat(before.registration().weight()).isEqualTo(5);
        assertThat(kinds()).containsExactly("RENEWED p1");
    }

    @Test
    void unconfirmed_thatTheRegistryLacks_andThatRefusesConnections_isGoneSoon() {
        core.directory.listen(core.outliers::onInstanceChange);
        core.transport.probeFinds("p2", "connection refused");
        core.register();
        core.time.runDue();
        assertThat(core.transport.probes).as("each is asked at once").containsExactlyInAnyOrder("p1", "p2", "p3", "p4");
        core.time.advance(RegistryDoubt.AT_ONCE);
        core.directory.expire();
        assertThat(core.statuses()).containsOnlyKeys("p1", "p3", "p4");
    }

    @Test
    void oneAfterAnotherDeregistered_isBelieved_andOnlyTheLastDoubted() {
        core.register(passing("p1"), passing("p2"), passing("p3"));
        core.register(passing("p1"), passing("p2"));
        core.register(passing("p1"));
        assertThat(core.statuses()).isEqualTo(Map.of("p1", RegistryStatus.PASSING));
        core.register();
        assertThat(core.statuses()).isEqualTo(Map.of("p1", RegistryStatus.UNCONFIRMED));
    }

    @Test
    void maintenanceOfMost_isBelievedAtOnce() {
        core.changes.clear();
        core.register(inMaintenance("p1"), inMaintenance("p2"), inMaintenance("p3"), passing("p4"));
        assertThat(core.best()).containsExactly("p4");
        assertThat(kinds()).containsExactly("MAINTENANCE p1", "MAINTENANCE p2", "MAINTENANCE p3");
    }

    @Test
    void maintenanceOfAll_isBelievedAtOnce() {
        core.register(inMaintenance("p1"), inMaintenance("p2"), inMaintenance("p3"), inMaintenance("p4"));
        assertThat(core.best()).isEmpty();
        assertThat(core.statuses().values()).containsOnly(RegistryStatus.MAINTENANCE);
    }

    @Test
    void maintenance_isNoPartOfALoss() {
        core.register(inMaintenance("p1"), inMaintenance("p2"), passing("p3"), failing("p4"));
        assertThat(core.statuses())
                .as("one of two that can be used is lost")
                .containsEntry("p4", RegistryStatus.FAILING);
    }

    @Test
    void maintenance_endsTheDoubt() {
        core.register();
        core.register(inMaintenance("p1"), passing("p2"), passing("p3"), passing("p4"));
        assertThat(core.best()).containsExactly("p2", "p3", "p4");
    }

    @Test
    void maintenance_endsWithoutDoubt() {
        core.register(inMaintenance("p1"), inMaintenance("p2"), inMaintenance("p3"), inMaintenance("p4"));
        core.changes.clear();
        core.register(passing("p1"), failing("p2"), inMaintenance("p3"));
        assertThat(kinds()).containsExactlyInAnyOrder("CONFIRMED p1", "FAILING p2", "GONE p4");
        core.register(passing("p1"), failing("p2"), passing("p3"));
        assertThat(core.best()).containsExactly("p1", "p3");
    }

    @Test
    void sameIdOnTwoNodes_isTwoInstances_namedWithTheirNodes() {
        CoreFixture twins = new CoreFixture();
        twins.register(at("a", "10.0.0.1", true), at("b", "10.0.0.2", true));
        assertThat(twins.best()).containsExactly("p1@a", "p1@b");
        twins.register(at("a", "10.0.0.1", false), at("b", "10.0.0.2", true));
        assertThat(twins.best()).containsExactly("p1@b");
        Instance left = twins.instance("p1@b");
        twins.register(at("b", "10.0.0.2", true));
        assertThat(twins.best()).containsExactly("p1");
        assertThat(twins.instance("p1")).isSameAs(left);
    }

    @Test
    void serverWhoseEntryMovedToAnotherNode_keepsItsObject() {
        CoreFixture moving = new CoreFixture();
        moving.register(at("a", "10.0.0.1", true));
        Instance before = moving.instance("p1");
        moving.register(at("b", "10.0.0.1", true));
        assertThat(moving.instance("p1")).isSameAs(before);
        moving.register(at("b", "10.0.0.3", true));
        assertThat(before.status())
                .as("its entry has another address: it is replaced, and not doubted")
                .isEqualTo(RegistryStatus.GONE);
        assertThat(moving.best()).containsExactly("p1");
    }

    @Test
    void unconfirmed_keepsUpWithItsRegistration() {
        core.register(failing("p1"), failing("p2"), failing("p3"), failing("p4"));
        Registration r = failing("p4");
        Registration newer =
                new Registration("p4", r.host(), r.port(), Pool.SECONDARY, 3, r.grpcServices(), true, false, 10, 99);
        core.register(failing("p1"), failing("p2"), failing("p3"), newer);
        assertThat(core.instance("p4").registration()).isEqualTo(newer);
        assertThat(core.best()).containsExactly("p1", "p2", "p3");
    }

    private static Registration at(String node, String host, boolean passing) {
        return new Registration(
                "p1",
                node,
                host,
                20_001,
                Pool.PRIMARY,
                1,
                List.of(CoreFixture.GRPC_SERVICE),
                false,
                passing ? Registration.Status.PASSING : Registration.Status.FAILING,
                10,
                10);
    }

    private List<String> kinds() {
        return core.changes.stream()
                .map(change -> change.kind() + " " + change.instance().id())
                .toList();
    }

    @Test
    void onlyInstance_dropped_isDoubted() {
        CoreFixture alone = CoreFixture.serving("p1");
        alone.register();
        assertThat(alone.statuses()).isEqualTo(Map.of("p1", RegistryStatus.UNCONFIRMED));
        assertThat(alone.changes).extracting(InstanceChange::kind).containsExactly(Kind.CAME, Kind.DOUBTED);
    }
}
