package io.middleware.chaos.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.stack.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadsTest {

    private final FakeClock clock = new FakeClock();
    private final List<FakeLoad> started = new ArrayList<>();
    private final Loads loads = new Loads(
            callers -> {
                started.add(new FakeLoad(clock));
                return started.getLast();
            },
            clock,
            Duration.ZERO);

    @Test
    void loadThatGoesOn_isKept() throws InterruptedException {
        Load first = loads.ready(Loads.Callers.HEDGING);

        assertThat(loads.ready(Loads.Callers.HEDGING)).isSameAs(first);
        assertThat(started).hasSize(1);
    }

    @Test
    void loadThatEnded_isStartedAnewAndWarm() throws InterruptedException {
        loads.ready(Loads.Callers.HEDGING);
        started.getFirst().lasts = false;
        long ended = clock.micros();

        assertThat(loads.ready(Loads.Callers.HEDGING))
                .isSameAs(started.getLast())
                .isNotSameAs(started.getFirst());
        assertThat(started.getFirst().closed).isTrue();
        assertThat(clock.micros()).isGreaterThan(ended);
    }

    @Test
    void otherCallers_areAnotherLoad() throws InterruptedException {
        loads.ready(Loads.Callers.HEDGING);
        loads.ready(Loads.Callers.PLAIN);

        assertThat(started).hasSize(2);
        assertThat(started.getFirst().closed).isTrue();
    }

    @Test
    void recordsOfEarlierCalls_areGivenUp() throws InterruptedException {
        Load load = loads.ready(Loads.Callers.HEDGING);
        clock.sleep(Duration.ofHours(1));
        loads.ready(Loads.Callers.HEDGING);

        assertThat(load.calls().due(0, Long.MAX_VALUE)).hasSizeLessThan(2);
    }
}
