package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.Comparison.Figures;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.ManualTime;
import io.middleware.core.fixture.Script;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.Step;
import io.middleware.core.retry.HedgeDelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** p1 and p2 have been there; p3 has just started. Each call is also played again from its record. */
class NewInstanceTest {
    private static final int CALLS = 10_000;

    private final ManualTime time = new ManualTime();
    private final Balancer balancer = new PowerOfTwoChoices(CoreFixture.seeded(3), time);
    private final CoreFixture core = new CoreFixture(Settings.defaults(), balancer, time);

    @BeforeEach
    void p3_starts() {
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"));
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        core.directory.markLoaded();
        core.describe();
    }

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
    }

    @Test
    void firstInstancesOfAService_areNotNew_oneThatComesLaterIs() {
        assertThat(times("p1")).isEqualTo(1);
        assertThat(times("p3")).isEqualTo(5);
    }

    @Test
    void newInstance_getsATrickle_andItsShareAfterAWhile() {
        assertThat(share("p3", CALLS)).as("of an idle service").isCloseTo(1 / 15.0, within(0.015));
        time.advance(Duration.ofSeconds(30));
        assertThat(times("p3")).isEqualTo(1);
        assertThat(share("p3", CALLS)).isCloseTo(1 / 3.0, within(0.025));
    }

    @Test
    void newInstance_getsAFifthOfWhatOthersHave_inFlight() {
        List<Instance> all = core.service().instances();
        for (int i = 0; i < 110; i++) {
            balancer.choose(all).begin(false);
        }
        assertThat(core.instance("p3").inFlight()).isCloseTo(10, within(3));
        all.forEach(instance -> {
            while (instance.inFlight() > 0) {
                instance.end(false);
            }
        });
    }

    @Test
    void newInstance_hasItsShare_whenItHasAnsweredEnough() {
        answer("p3", 100);
        assertThat(times("p3")).isEqualTo(3);
        answer("p3", 100);
        assertThat(times("p3")).isEqualTo(1);
    }

    @Test
    void failures_showNothing() {
        for (int i = 0; i < 9; i++) {
            core.outliers.attempted(core.instance("p3"), Outcome.answered(Code.INTERNAL));
        }
        assertThat(times("p3")).isEqualTo(5);
    }

    @Test
    void instanceThatCouldNotBeReached_isNewWhenItIsBack() {
        core.transport.probeFinds("p1", "connection refused");
        core.outliers.attempted(core.instance("p1"), Outcome.unreachable("connection refused"));
        core.transport.probeFinds("p1", null);
        time.advance(Duration.ofSeconds(1));
        assertThat(core.instance("p1").ejected()).isFalse();
        assertThat(times("p1")).isGreaterThan(4.5f);
    }

    @Test
    void instanceThatFailedItsChecks_isNewWhenItPasses() {
        core.register(CoreFixture.failing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        assertThat(times("p1")).isEqualTo(5);
    }

    @Test
    void choicesShowIt() {
        List<Figures> shown = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            core.call(SAY_HELLO).assertAnswered("World");
            core.lastRecord.steps().stream()
                    .filter(Step.Chosen.class::isInstance)
                    .forEach(step -> shown.addAll(((Step.Chosen) step).figures()));
        }
        assertThat(shown)
                .anyMatch(figures ->
                        figures.times() > 4.5 && figures.instance().id().equals("p3"));
        assertThat(shown)
                .noneMatch(figures ->
                        figures.times() > 1 && !figures.instance().id().equals("p3"));
    }

    @Test
    void itsLatencies_areNotUsual_untilItIsWarm() {
        HedgeDelay delay = core.service().method(SAY_HELLO).hedgeDelay();
        List.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, Script.staysSilent()));
        for (int i = 0; i < 200; i++) {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hello", true);
            var attempt = core.transport.attempts.getLast();
            time.advance(Duration.ofMillis(core.transport.tried().getLast().equals("p3") ? 90 : 20));
            attempt.answer("World");
            asked.caller().assertAnswered("World");
        }
        assertThat(delay.nanos(time.nanos())).isLessThan(Duration.ofMillis(30).toNanos());
    }

    private double share(String id, int calls) {
        List<Instance> all = core.service().candidates().best(List.of());
        int chosen = 0;
        for (int i = 0; i < calls; i++) {
            chosen += balancer.choose(all).id().equals(id) ? 1 : 0;
        }
        return (double) chosen / calls;
    }

    private void answer(String id, int calls) {
        for (int i = 0; i < calls; i++) {
            core.outliers.attempted(core.instance(id), Outcome.answered(Code.OK));
        }
    }

    private float times(String id) {
        Instance instance = core.instance(id);
        return instance.newness().times(instance, time.nanos());
    }
}
