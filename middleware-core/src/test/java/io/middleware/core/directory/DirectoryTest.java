package io.middleware.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.LogLines;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private final CoreFixture core = new CoreFixture();

    @Test
    void grpcServices_leadToTheServiceOfTheirInstances() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One", "x.Two")));
        assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("a");
        assertThat(core.directory.serviceOf("x.Two").name()).isEqualTo("a");
        assertThat(core.directory.serviceOf("x.Three")).isNull();
        assertThat(core.directory.routes()).containsOnlyKeys("x.One", "x.Two");
    }

    @Test
    void instancesThatDiffer_serveTogetherWhatAnyOfThemServes() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One"), registration("a2", 11, "x.One", "x.Two")));
        assertThat(core.directory.routes()).containsOnlyKeys("x.One", "x.Two");
    }

    @Test
    void grpcServiceClaimedByTwo_belongsToTheOlder_whicheverIsHeardOfFirst() {
        core.directory.update("newer", List.of(registration("n1", 20, "x.One")));
        assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("newer");
        core.directory.update("older", List.of(registration("o1", 10, "x.One"), registration("o2", 30, "x.One")));
        assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("older");
        core.directory.update("newest", List.of(registration("z1", 40, "x.One", "x.Two")));
        assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("older");
        assertThat(core.directory.serviceOf("x.Two").name()).isEqualTo("newest");
    }

    @Test
    void grpcServiceClaimedByTwo_isWarnedOfOnce() {
        try (LogLines log = LogLines.of(Directory.class)) {
            for (int i = 0; i < 3; i++) {
                core.directory.update("older", List.of(registration("o1", 10, "x.One", "x.Two")));
                core.directory.update(
                        "newer", List.of(registration("n1", 20, "x.One", "x.Two"), registration("n2", 21, "x.One")));
            }
            assertThat(log.warnings())
                    .containsExactly("older and newer serve a gRPC service of the same name: the older one has it");
        }
    }

    @Test
    void grpcServiceClaimedByTwo_belongsToTheOneThatPasses_whileTheOlderDoesNot() {
        core.directory.update("older", List.of(registration("o1", 10, "x.One")));
        core.directory.update("newer", List.of(registration("n1", 20, "x.One")));
        core.directory.update("older", List.of());
        assertThat(core.directory.serviceOf("x.One").name())
                .as("the older is in doubt")
                .isEqualTo("newer");
        core.directory.update("older", List.of(registration("o1", 30, "x.One"), registration("o2", 10, "x.One")));
        assertThat(core.directory.serviceOf("x.One").name())
                .as("the older passes again")
                .isEqualTo("older");
    }

    @Test
    void grpcServiceClaimedByTwo_belongsToTheOneThatIsNotEjected_whileTheOlderIs() {
        core.directory.update("older", List.of(registration("o1", 10, "x.One"), registration("o2", 11, "x.One")));
        core.directory.update("newer", List.of(registration("n1", 20, "x.One")));
        Instance o1 = instance("x.One", "o1");
        Instance o2 = instance("x.One", "o2");
        Instance n1 = core.directory.services().getLast().candidates().all().getFirst();
        core.transport.probeFinds("o1", "connection refused");
        core.transport.probeFinds("o2", "connection refused");
        core.transport.probeFinds("n1", "connection refused");
        try (LogLines log = LogLines.of(Directory.class)) {
            core.outliers.attempted(o1, Outcome.unreachable("connection refused"));
            core.directory.expire();
            assertThat(core.directory.serviceOf("x.One").name())
                    .as("one of it is left")
                    .isEqualTo("older");
            core.outliers.attempted(o2, Outcome.unreachable("connection refused"));
            core.directory.expire();
            assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("newer");
            core.outliers.attempted(n1, Outcome.unreachable("connection refused"));
            core.directory.expire();
            assertThat(core.directory.serviceOf("x.One").name())
                    .as("all are ejected")
                    .isEqualTo("older");
            core.transport.probeFinds("n1", null);
            core.time.advance(Duration.ofMinutes(1));
            core.directory.expire();
            assertThat(core.directory.serviceOf("x.One").name())
                    .as("the newer is back")
                    .isEqualTo("newer");
            core.transport.probeFinds("o2", null);
            core.time.advance(Duration.ofMinutes(1));
            core.directory.expire();
            assertThat(core.directory.serviceOf("x.One").name())
                    .as("the older is back")
                    .isEqualTo("older");
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void grpcService_movesWhenItsInstancesExpire() {
        Registration r = registration("n1", 20, "x.One");
        core.directory.update("older", List.of(registration("o1", 10, "x.One")));
        core.directory.update(
                "newer",
                List.of(new Registration(
                        "n1", r.host(), r.port(), r.pool(), 1, r.grpcServices(), false, false, 20, 20)));
        core.directory.update("older", List.of());
        assertThat(core.directory.serviceOf("x.One").name())
                .as("in doubt is better than failing")
                .isEqualTo("older");
        core.time.advance(Duration.ofSeconds(61));
        core.directory.expire();
        assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("newer");
    }

    @Test
    void grpcService_isGoneWithTheLastInstanceThatListedIt() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One"), registration("a2", 11, "x.One", "x.Two")));
        core.directory.update("a", List.of(registration("a1", 10, "x.One")));
        assertThat(core.directory.routes()).containsOnlyKeys("x.One");
    }

    @Test
    void grpcServiceThatAnInstanceListsNoLonger_isGone() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One", "x.Two")));
        core.directory.update("a", List.of(registration("a1", 10, "x.Two", "x.Three")));
        assertThat(core.directory.routes()).containsOnlyKeys("x.Two", "x.Three");
    }

    @Test
    void serviceThatIsInDoubt_keepsItsRoutesUntilTheDoubtEnds() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One")));
        core.directory.update("a", List.of());
        core.time.advance(Duration.ofSeconds(59));
        core.directory.expire();
        assertThat(core.directory.routes()).containsOnlyKeys("x.One");
        core.time.advance(Duration.ofSeconds(1));
        core.directory.expire();
        assertThat(core.directory.routes()).isEmpty();
    }

    @Test
    void serviceInMaintenance_keepsItsRoutes() {
        Registration r = registration("a1", 10, "x.One");
        core.directory.update("a", List.of(r));
        core.directory.update(
                "a",
                List.of(new Registration(
                        "a1",
                        "",
                        r.host(),
                        r.port(),
                        r.pool(),
                        1,
                        r.grpcServices(),
                        false,
                        Registration.Status.MAINTENANCE,
                        10,
                        11)));
        assertThat(core.directory.routes()).containsOnlyKeys("x.One");
    }

    @Test
    void grpcService_isServedByThoseThatListIt() {
        core.directory.update(
                "a",
                List.of(
                        registration("a1", 10, "x.One"),
                        registration("a2", 11, "x.One", "x.Two"),
                        registration("a3", 12, "x.Two", "x.Two")));
        assertThat(serving("x.One")).containsExactly("a1", "a2");
        assertThat(serving("x.Two")).containsExactly("a2", "a3");
        core.outliers.eject(instance("x.Two", "a2"), Counts.Cause.UNREACHABLE, "by the test");
        assertThat(serving("x.Two")).containsExactly("a3");
        assertThat(serving("x.One")).containsExactly("a1");
    }

    @Test
    void grpcServicesOfManyLists_areKeptApart() {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            registrations.add(registration(
                    "a" + i,
                    10,
                    IntStream.range(0, 250).mapToObj(s -> "x.Of" + (s + number)).toArray(String[]::new)));
        }
        core.directory.update("a", registrations);
        assertThat(core.directory.routes()).hasSize(254);
        assertThat(serving("x.Of0")).containsExactly("a0");
        assertThat(serving("x.Of2")).containsExactly("a0", "a1", "a2");
        assertThat(serving("x.Of100")).containsExactly("a0", "a1", "a2", "a3", "a4");
        assertThat(serving("x.Of253")).containsExactly("a4");
    }

    private List<String> serving(String grpcService) {
        return core.directory.route(grpcService).candidates().best(List.of()).stream()
                .map(Instance::id)
                .toList();
    }

    private Instance instance(String grpcService, String id) {
        return core.directory.route(grpcService).candidates().all().stream()
                .filter(i -> i.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void serviceWithoutInstances_losesItsRouteToOneThatHasSome() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One")));
        core.directory.update("a", List.of());
        core.time.advance(Duration.ofSeconds(61));
        core.directory.expire();
        core.directory.update("b", List.of(registration("b1", 20, "x.One")));
        assertThat(core.directory.serviceOf("x.One").name()).isEqualTo("b");
    }

    @Test
    void service_isTheSameObjectThroughAllItsInstances() {
        core.directory.update("a", List.of(registration("a1", 10, "x.One")));
        Service before = core.directory.serviceOf("x.One");
        core.directory.update("a", List.of(registration("a2", 10, "x.One"), registration("a3", 10, "x.One")));
        assertThat(core.directory.serviceOf("x.One")).isSameAs(before);
        assertThat(core.directory.services()).containsExactly(before);
    }

    @Test
    void loaded_isWhatTheRegistrysWatchSays() {
        assertThat(core.directory.loaded()).isFalse();
        core.directory.markLoaded();
        assertThat(core.directory.loaded()).isTrue();
    }

    @Test
    void listener_hearsOfAChangeAfterItTookEffect() {
        List<String> seen = new ArrayList<>();
        core.directory.listen(change ->
                seen.add(core.directory.serviceOf("x.One").candidates().all().toString()));
        core.directory.update("a", List.of(registration("a1", 10, "x.One")));
        assertThat(seen).containsExactly("[a1]");
    }

    @Test
    void listenerThatThrows_stopsNeitherTheOthersNorTheWatch() {
        CoreFixture failing = new CoreFixture();
        List<InstanceChange> heard = new ArrayList<>();
        failing.directory.listen(change -> {
            throw new IllegalStateException("by the test");
        });
        failing.directory.listen(heard::add);
        failing.directory.update("a", List.of(registration("a1", 10, "x.One"), registration("a2", 10, "x.One")));
        assertThat(heard).hasSize(2);
    }

    @Test
    void listenerThatUpdatesTheDirectory_isHeardInOrder() {
        List<String> heard = new ArrayList<>();
        core.directory.listen(change -> {
            heard.add(change.instance().id());
            if (change.instance().id().equals("a1")) {
                core.directory.update("b", List.of(registration("b1", 10, "x.Two")));
            }
        });
        core.directory.update("a", List.of(registration("a1", 10, "x.One"), registration("a2", 10, "x.One")));
        assertThat(heard).containsExactly("a1", "a2", "b1");
    }

    @Test
    void listenerThatTakesItsTime_keepsNoEjectionWaiting() throws InterruptedException {
        CoreFixture slow = CoreFixture.serving("p1", "p2", "p3");
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        slow.directory.listen(change -> {
            told.countDown();
            awaitQuietly(goOn);
        });
        Thread watch =
                Thread.ofPlatform().start(() -> slow.register(CoreFixture.passing("p1"), CoreFixture.passing("p2")));
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        AtomicReference<List<String>> best = new AtomicReference<>();
        Thread eventLoop = Thread.ofPlatform().start(() -> {
            slow.outliers.eject(slow.instance("p1"), Counts.Cause.UNREACHABLE, "by the test");
            best.set(slow.best());
        });
        boolean ejected = eventLoop.join(Duration.ofSeconds(10));
        goOn.countDown();
        watch.join();
        assertThat(ejected).as("the ejection is done while the listener is not").isTrue();
        assertThat(best.get()).containsExactly("p2");
        assertThat(slow.time.waiting()).isEqualTo(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Registration registration(String id, long createIndex, String... grpcServices) {
        return new Registration(
                id, "127.0.0.1", 21_001, Pool.PRIMARY, 1, List.of(grpcServices), false, true, createIndex, createIndex);
    }
}
