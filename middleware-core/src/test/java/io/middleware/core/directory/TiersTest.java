package io.middleware.core.directory;

import static io.middleware.core.fixture.CoreFixture.failing;
import static io.middleware.core.fixture.CoreFixture.keyed;
import static io.middleware.core.fixture.CoreFixture.passing;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Counts;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.RegistryStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TiersTest {
    private final Instance primary = new Instance(null, passing("p1"));
    private final Instance secondary = new Instance(null, passing("s1"));
    private final Instance ejectedPrimary = ejected(passing("p2"));
    private final Instance ejectedSecondary = ejected(passing("s2"));
    private final Instance failingPrimary = new Instance(null, failing("p3"));
    private final Instance failingSecondary = new Instance(null, failing("s3"));

    @Test
    void tiers_arePrimariesSecondariesEjectedOnesFailingOnes() {
        Tiers candidates = Tiers.of(
                List.of(failingPrimary, ejectedSecondary, secondary, failingSecondary, ejectedPrimary, primary));
        assertThat(order(candidates))
                .containsExactly(
                        List.of(primary),
                        List.of(secondary),
                        List.of(ejectedPrimary),
                        List.of(ejectedSecondary),
                        List.of(failingPrimary, failingSecondary));
    }

    @Test
    void unconfirmed_areBehindAllThatPass_andBeforeAllThatAreEjected() {
        Instance unconfirmed = unconfirmed(passing("p4"));
        Instance unconfirmedSecondary = unconfirmed(passing("s4"));
        Instance unconfirmedAndEjected = unconfirmed(passing("p5"));
        unconfirmedAndEjected.healthTracker().eject(Counts.Cause.FAILING, "by the test", 0);
        assertThat(order(unconfirmedAndEjected, unconfirmed, ejectedPrimary, unconfirmedSecondary, secondary, primary))
                .containsExactly(
                        List.of(primary),
                        List.of(secondary),
                        List.of(unconfirmed),
                        List.of(unconfirmedSecondary),
                        List.of(ejectedPrimary),
                        List.of(unconfirmedAndEjected));
    }

    @Test
    void unconfirmed_takeLoadOffThePool_orOffSecondaries() {
        Instance unconfirmed = unconfirmed(passing("p4"));
        Instance unconfirmedSecondary = unconfirmed(passing("s4"));
        assertThat(Tiers.of(List.of(primary, secondary, unconfirmed, unconfirmedSecondary))
                        .doubted(List.of()))
                .containsExactly(unconfirmed);
        assertThat(Tiers.of(List.of(secondary, unconfirmed, unconfirmedSecondary))
                        .doubted(List.of(unconfirmed)))
                .containsExactly(unconfirmedSecondary);
        assertThat(Tiers.of(List.of(unconfirmed, unconfirmedSecondary)).doubted(List.of()))
                .isEmpty();
        assertThat(Tiers.of(List.of(failingPrimary)).doubted(List.of())).isEmpty();
    }

    @Test
    void maintenance_isInNoTier() {
        Instance inMaintenance = new Instance(null, CoreFixture.inMaintenance("p4"));
        assertThat(Tiers.of(List.of(inMaintenance)).best(List.of())).isEmpty();
        assertThat(Tiers.of(List.of(inMaintenance)).all()).containsExactly(inMaintenance);
    }

    @Test
    void sameListsForAll_areNotSplit() {
        Tiers candidates = Tiers.of(List.of(primary, secondary));
        assertThat(candidates.serving(CoreFixture.GRPC_SERVICE)).isSameAs(candidates);
    }

    @Test
    void gone_isInNoTier() {
        Instance gone = new Instance(null, passing("p4"));
        gone.setStatus(RegistryStatus.GONE, 0);
        assertThat(Tiers.of(List.of(gone)).best(List.of())).isEmpty();
    }

    @Test
    void tried_areLeftOutOfTheirTier() {
        Instance other = new Instance(null, passing("p5"));
        Tiers candidates = Tiers.of(List.of(primary, other));
        assertThat(candidates.best(List.of(primary))).containsExactly(other);
        assertThat(candidates.best(List.of(primary, other))).isEmpty();
    }

    @Test
    void firstChoice_allocatesNoList() {
        Tiers candidates = Tiers.of(List.of(primary, secondary));
        assertThat(candidates.best(List.of())).isSameAs(candidates.best(List.of()));
    }

    @Test
    void none_hasNothing() {
        assertThat(Tiers.NONE.best(List.of())).isEmpty();
        assertThat(Tiers.NONE.all()).isEmpty();
        assertThat(Tiers.NONE.honourIdempotencyKeys()).isFalse();
    }

    @Test
    void idempotencyKeys_areHonouredOnlyIfAllDo() {
        Instance keyed = new Instance(null, keyed("p7"));
        assertThat(Tiers.of(List.of(keyed)).honourIdempotencyKeys()).isTrue();
        assertThat(Tiers.of(List.of(keyed, failingPrimary)).honourIdempotencyKeys())
                .isFalse();
    }

    private static List<List<Instance>> order(Instance... instances) {
        return order(Tiers.of(List.of(instances)));
    }

    private static List<List<Instance>> order(Tiers candidates) {
        List<Instance> tried = new ArrayList<>();
        return Stream.generate(() -> {
                    List<Instance> best = candidates.best(tried);
                    tried.addAll(best);
                    return best;
                })
                .takeWhile(best -> !best.isEmpty())
                .toList();
    }

    private static Instance unconfirmed(Registration registration) {
        Instance instance = new Instance(null, registration);
        instance.setStatus(RegistryStatus.UNCONFIRMED, 0);
        return instance;
    }

    private static Instance ejected(Registration registration) {
        Instance instance = new Instance(null, registration);
        instance.healthTracker().eject(Counts.Cause.FAILING, "by the test", 0);
        return instance;
    }
}
