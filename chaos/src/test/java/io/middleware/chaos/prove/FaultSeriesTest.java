package io.middleware.chaos.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.stack.FakeClock;
import io.middleware.chaos.stack.FakeStack;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.FaultSpan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultSeriesTest {

    private static final List<Fault> KINDS = List.of(Fault.KILL, Fault.FREEZE, Fault.FLAKY, Fault.GATEWAY);

    private final FakeClock clock = new FakeClock();
    private final FakeStack stack = new FakeStack(clock);

    @Test
    void eachKindIsPlayed_andMendedBeforeTheNext() throws InterruptedException {
        List<FaultSpan> spans = play(KINDS, 1);

        assertThat(spans).hasSizeGreaterThan(KINDS.size());
        assertThat(spans.subList(0, KINDS.size()))
                .extracting(FaultSpan::how)
                .containsExactlyInAnyOrder("kill", "pause", "flaky=30", "kill");
        for (int each = 1; each < spans.size(); each++) {
            assertThat(spans.get(each).fromMicros())
                    .isGreaterThan(spans.get(each - 1).toMicros());
        }
        assertThat(spans).allMatch(span -> span.toMicros() < Long.MAX_VALUE);
        assertThat(stack.commands).hasSize(2 * spans.size());
    }

    @Test
    void sameSeed_givesTheSameFaults() throws InterruptedException {
        List<FaultSpan> first = play(KINDS, 5);

        FakeClock again = new FakeClock();
        assertThat(new FaultSeries(new FaultInjector(new FakeStack(again), again, FakeStack.parts()), again, KINDS, 5)
                        .play(Duration.ofSeconds(60), (fault, part) -> {}))
                .isEqualTo(first);
    }

    @Test
    void noneAtAll_isPossible() throws InterruptedException {
        assertThat(play(List.of(), 1)).isEmpty();
        assertThat(stack.commands).isEmpty();
    }

    @Test
    void faultsOfPartsThatAreNotThere_areNotPossible() {
        assertThat(Fault.DATABASE.isPossible(FakeStack.parts())).isFalse();
        assertThat(Fault.GATEWAY.isPossible(FakeStack.parts())).isTrue();
    }

    private List<FaultSpan> play(List<Fault> kinds, long seed) throws InterruptedException {
        FaultInjector injector = new FaultInjector(stack, clock, FakeStack.parts());
        return new FaultSeries(injector, clock, kinds, seed).play(Duration.ofSeconds(60), (fault, part) -> {});
    }
}
