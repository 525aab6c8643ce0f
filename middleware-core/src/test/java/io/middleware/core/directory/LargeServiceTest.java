package io.middleware.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Outcome;
import io.middleware.core.balancing.Subset;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Twenty instances, of which three of each tier are used. */
class LargeServiceTest {
    private static final int MOST = 3;

    private final CoreFixture core = new CoreFixture();
    private final Set<Instance> inUse = new LinkedHashSet<>();

    @BeforeEach
    void start() {
        core.directory.use(new Subset(MOST, "gateway-1", List.of()));
        core.directory.listenToUse((service, instance, used) -> {
            assertThat(used ? inUse.add(instance) : inUse.remove(instance))
                    .as("%s is told once", instance)
                    .isTrue();
        });
        register(id -> true);
    }

    @Test
    void someAreUsed_andAllAreKnown() {
        assertThat(best()).hasSize(MOST).containsExactlyInAnyOrderElementsOf(inUse);
        assertThat(service().candidates().all()).hasSize(MOST);
        assertThat(service().known()).hasSize(20);
        assertThat(service().known().stream().filter(Instance::inUse)).containsExactlyInAnyOrderElementsOf(inUse);
    }

    @Test
    void instanceThatFailsItsChecks_isReplacedByTheNextInRank_untilItPassesAgain() {
        List<Instance> before = best();
        List<Instance> ranked = service().known();
        String failing = before.getFirst().id();

        register(id -> !id.equals(failing));
        assertThat(best()).containsExactly(before.get(1), before.get(2), ranked.get(3));
        assertThat(inUse).as("as a last resort").contains(before.getFirst());

        register(id -> true);
        assertThat(best()).isEqualTo(before);
        assertThat(inUse).containsExactlyInAnyOrderElementsOf(before);
        assertThat(ranked.get(3).inUse()).isFalse();
    }

    @Test
    void ejectedInstance_isReplacedByTheNextInRank_untilAProbeSucceeds() {
        List<Instance> before = best();
        Instance ejected = before.getFirst();
        core.transport.probeFinds(ejected.id(), "connection refused");
        core.outliers.attempted(ejected, Outcome.unreachable("connection refused"));
        assertThat(best())
                .containsExactly(before.get(1), before.get(2), service().known().get(3));
        assertThat(inUse).hasSize(MOST + 1).contains(ejected);

        core.transport.probeFinds(ejected.id(), null);
        core.time.advance(Duration.ofSeconds(1));
        assertThat(best()).isEqualTo(before);
        assertThat(inUse).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void ofManyEjected_onlyThoseInUseAreProbed_andAllComeBack() {
        List<Instance> all = service().known();
        all.forEach(instance -> {
            core.transport.probeFinds(instance.id(), "connection refused");
            core.outliers.attempted(instance, Outcome.unreachable("connection refused"));
        });
        assertThat(best()).hasSize(MOST).allMatch(Instance::ejected);
        assertThat(inUse).hasSize(MOST);
        core.time.advance(Duration.ofSeconds(10));

        all.forEach(instance -> core.transport.probeFinds(instance.id(), null));
        core.time.advance(Duration.ofMinutes(2));
        assertThat(all.subList(0, MOST)).noneMatch(Instance::ejected);
        assertThat(best()).isEqualTo(all.subList(0, MOST));
    }

    @Test
    void poolsAreCutEach() {
        core.directory.update(
                CoreFixture.SERVICE,
                Stream.concat(
                                IntStream.range(0, 10).mapToObj(i -> registration("p" + i, Pool.PRIMARY, true)),
                                IntStream.range(0, 10).mapToObj(i -> registration("s" + i, Pool.SECONDARY, true)))
                        .toList());
        assertThat(inUse.stream().filter(i -> i.pool() == Pool.PRIMARY)).hasSize(MOST);
        assertThat(inUse.stream().filter(i -> i.pool() == Pool.SECONDARY)).hasSize(MOST);
    }

    @Test
    void grpcServiceThatFewOfManyList_isServedByThose() {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            registrations.add(registration(
                    "p" + i,
                    Pool.PRIMARY,
                    true,
                    i < 2 ? List.of(CoreFixture.GRPC_SERVICE, "x.New") : List.of(CoreFixture.GRPC_SERVICE)));
        }
        core.directory.update(CoreFixture.SERVICE, registrations);
        assertThat(core.directory.route("x.New").candidates().best(List.of()))
                .extracting(Instance::id)
                .containsExactlyInAnyOrder("p0", "p1");
        assertThat(inUse).extracting(Instance::id).contains("p0", "p1");
    }

    @Test
    void stickyService_usesAllInstances_asEachGatewayMustFindTheSameForAKey() {
        core.directory.update(
                CoreFixture.SERVICE,
                IntStream.range(0, 20)
                        .mapToObj(i -> CoreFixture.sticky("p" + i, "field:name"))
                        .toList());
        assertThat(best()).hasSize(20);
        assertThat(inUse).hasSize(20);
    }

    @Test
    void subset_canChangeWhileItIsUsed() {
        List<Instance> before = best();
        core.directory.use(new Subset(MOST, "gateway-2", List.of()));
        assertThat(best()).hasSize(MOST).isNotEqualTo(before).containsExactlyInAnyOrderElementsOf(inUse);
        core.directory.use(Subset.ALL);
        assertThat(inUse).hasSize(20);
    }

    private void register(Predicate<String> passing) {
        core.directory.update(
                CoreFixture.SERVICE,
                IntStream.range(0, 20)
                        .mapToObj(i -> "p" + i)
                        .map(id -> registration(id, Pool.PRIMARY, passing.test(id)))
                        .toList());
    }

    private static Registration registration(String id, Pool pool, boolean passing) {
        return registration(id, pool, passing, List.of(CoreFixture.GRPC_SERVICE));
    }

    private static Registration registration(String id, Pool pool, boolean passing, List<String> grpcServices) {
        return new Registration(id, "127.0.0.1", 21_001, pool, 1, grpcServices, false, passing, 1, 1);
    }

    private Service service() {
        return core.directory.services().getFirst();
    }

    private List<Instance> best() {
        return core.directory.route(CoreFixture.GRPC_SERVICE).candidates().best(List.of());
    }
}
