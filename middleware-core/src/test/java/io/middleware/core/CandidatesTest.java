package io.middleware.core;

import static io.middleware.core.Core.failing;
import static io.middleware.core.Core.keyed;
import static io.middleware.core.Core.passing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class CandidatesTest {
    private final Instance primary = new Instance(null, passing("p1"));
    private final Instance secondary = new Instance(null, passing("s1"));
    private final Instance ejectedPrimary = ejected(passing("p2"));
    private final Instance ejectedSecondary = ejected(passing("s2"));
    private final Instance failingPrimary = new Instance(null, failing("p3"));
    private final Instance failingSecondary = new Instance(null, failing("s3"));

    @Test
    void tiers_arePrimariesSecondariesEjectedOnesFailingOnes() {
        Candidates candidates = Candidates.of(
                List.of(failingPrimary, ejectedSecondary, secondary, failingSecondary, ejectedPrimary, primary));
        List<Instance> tried = new ArrayList<>();
        List<List<Instance>> order = Stream.generate(() -> {
            List<Instance> best = candidates.best(tried);
            tried.addAll(best);
            return best;
        }).takeWhile(best -> !best.isEmpty()).toList();
        assertThat(order).containsExactly(List.of(primary), List.of(secondary), List.of(ejectedPrimary),
                List.of(ejectedSecondary), List.of(failingPrimary, failingSecondary));
    }

    @Test
    void unconfirmed_isAsGoodAsPassing() {
        Instance unconfirmed = new Instance(null, passing("p4"));
        unconfirmed.stand(Instance.Standing.UNCONFIRMED, 0);
        assertThat(Candidates.of(List.of(primary, unconfirmed)).best(List.of())).containsExactly(primary, unconfirmed);
    }

    @Test
    void gone_isInNoTier() {
        Instance gone = new Instance(null, passing("p4"));
        gone.stand(Instance.Standing.GONE, 0);
        assertThat(Candidates.of(List.of(gone)).best(List.of())).isEmpty();
    }

    @Test
    void tried_areLeftOutOfTheirTier() {
        Instance other = new Instance(null, passing("p5"));
        Candidates candidates = Candidates.of(List.of(primary, other));
        assertThat(candidates.best(List.of(primary))).containsExactly(other);
        assertThat(candidates.best(List.of(primary, other))).isEmpty();
    }

    @Test
    void firstChoice_allocatesNoList() {
        Candidates candidates = Candidates.of(List.of(primary, secondary));
        assertThat(candidates.best(List.of())).isSameAs(candidates.best(List.of()));
    }

    @Test
    void none_hasNothing() {
        assertThat(Candidates.NONE.best(List.of())).isEmpty();
        assertThat(Candidates.NONE.all()).isEmpty();
        assertThat(Candidates.NONE.honourIdempotencyKeys()).isFalse();
    }

    @Test
    void idempotencyKeys_areHonouredOnlyIfAllDo() {
        Instance keyed = new Instance(null, keyed("p7"));
        assertThat(Candidates.of(List.of(keyed)).honourIdempotencyKeys()).isTrue();
        assertThat(Candidates.of(List.of(keyed, failingPrimary)).honourIdempotencyKeys()).isFalse();
    }

    private static Instance ejected(Registration registration) {
        Instance instance = new Instance(null, registration);
        instance.health().ejected = true;
        return instance;
    }
}
