package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The bounds are at least six standard deviations wide: a fair choice fails them less than once in a hundred million runs. */
class PowerOfTwoChoicesTest {
    private static final int DRAWS = 20_000;

    private final Balancer balancer = new PowerOfTwoChoices();

    @Test
    void onlyCandidate_isChosen() {
        Instance only = instance(1, 7);
        assertThat(balancer.choose(List.of(only))).isSameAs(only);
    }

    @Test
    void equals_areChosenEquallyOften() {
        List<Instance> candidates = Stream.generate(() -> instance(1, 3)).limit(4).toList();
        Map<Instance, Integer> draws = draw(candidates);
        assertThat(draws.values()).hasSize(4).allSatisfy(n -> assertThat(n).isCloseTo(DRAWS / 4, Percentage.withPercentage(8)));
    }

    @Test
    void ofTwo_theLessLoadedIsAlwaysChosen() {
        Instance idle = instance(1, 3);
        Instance busy = instance(1, 4);
        assertThat(draw(List.of(busy, idle))).containsOnlyKeys(idle);
    }

    @Test
    void mostLoaded_isNeverChosen() {
        Instance busiest = instance(1, 9);
        assertThat(draw(List.of(instance(1, 1), busiest, instance(1, 8), instance(1, 0)))).doesNotContainKey(busiest);
    }

    @Test
    void idle_shareByWeight() {
        Instance heavy = instance(3, 0);
        Instance light = instance(1, 0);
        Map<Instance, Integer> draws = draw(List.of(light, heavy));
        assertThat(draws.get(heavy) / (double) DRAWS).isCloseTo(0.75, within(0.02));
    }

    @Test
    void heavyOneThatIsBusy_yieldsToTheLightOne() {
        Instance heavy = instance(3, 8);
        Instance light = instance(1, 0);
        Map<Instance, Integer> draws = draw(List.of(light, heavy));
        assertThat(draws.get(heavy) / (double) DRAWS).as("3/9 to 1/1").isCloseTo(0.25, within(0.02));
    }

    @Test
    void longCalls_pileUpInProportionToWeight() {
        Instance[] instances = {instance(1, 0), instance(1, 0), instance(4, 0)};
        for (int i = 0; i < 600; i++) {
            balancer.choose(Arrays.asList(instances)).begin();
        }
        assertThat(instances[2].inFlight()).as("four times the weight of the others").isGreaterThan(instances[0].inFlight());
        assertThat(instances[2].inFlight()).isGreaterThan(instances[1].inFlight());
    }

    @Test
    void longCalls_pileUpEvenlyAmongEquals() {
        Instance[] instances = {instance(1, 0), instance(1, 0), instance(1, 0)};
        for (int i = 0; i < 3_000; i++) {
            balancer.choose(Arrays.asList(instances)).begin();
        }
        assertThat(instances).allSatisfy(i -> assertThat(i.inFlight()).isBetween(990, 1_010));
    }

    @Test
    void weightOfNothing_getsNothingFromAnIdlePeer() {
        Instance none = instance(0, 0);
        Instance some = instance(1, 5);
        assertThat(draw(List.of(none, some))).containsOnlyKeys(some);
        assertThat(draw(List.of(none, instance(0, 0)))).hasSize(2);
    }

    private Map<Instance, Integer> draw(List<Instance> candidates) {
        Map<Instance, Integer> draws = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            draws.merge(balancer.choose(candidates), 1, Integer::sum);
        }
        return draws;
    }

    private static Instance instance(int weight, int inFlight) {
        Instance instance = new Instance(null,
                new Registration("i", "127.0.0.1", 1, Pool.PRIMARY, weight, List.of(), false, true, 1, 1));
        for (int i = 0; i < inFlight; i++) {
            instance.begin();
        }
        return instance;
    }
}
