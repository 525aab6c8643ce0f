package io.middleware.core.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.middleware.core.directory.Tiers;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.ManualTime;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds are at least six standard deviations wide: a fair choice fails them less than once in a hundred million runs. */
class PowerOfTwoChoicesTest {
    private static final int DRAWS = 20_000;

    private final ManualTime time = new ManualTime();
    private final Balancer balancer = new PowerOfTwoChoices(CoreFixture.seeded(1), time);

    @Test
    void onlyCandidate_isChosen() {
        Instance only = instance(1, 7);
        assertThat(balancer.choose(List.of(only))).isSameAs(only);
    }

    @Test
    void equals_areChosenEquallyOften() {
        List<Instance> candidates =
                Stream.generate(() -> instance(1, 3)).limit(4).toList();
        Map<Instance, Integer> draws = draw(candidates);
        assertThat(draws.values())
                .hasSize(4)
                .allSatisfy(n -> assertThat(n).isCloseTo(DRAWS / 4, Percentage.withPercentage(8)));
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
        assertThat(draw(List.of(instance(1, 1), busiest, instance(1, 8), instance(1, 0))))
                .doesNotContainKey(busiest);
    }

    @Test
    void ofTwo_theOneThatFailsMore_getsNoMoreThanTheOther_howeverIdleItIs() {
        Instance fails = failing(0, 3);
        Map<Instance, Integer> draws = draw(List.of(fails, instance(1, 50)));
        assertThat(draws.get(fails) / (double) DRAWS).isCloseTo(0.5, within(0.02));
    }

    @Test
    void fewFailures_orTheSameAtBoth_changeNothing() {
        Instance idle = failing(0, 8);
        assertThat(draw(List.of(idle, failing(5, 6)))).containsOnlyKeys(idle);
        Instance two = failing(0, 2);
        assertThat(draw(List.of(two, instance(1, 5)))).containsOnlyKeys(two);
    }

    private Instance failing(int inFlight, int failures) {
        Instance instance = instance(1, inFlight);
        instance.outcomes().openEmptyWindow(0, time.nanos());
        for (int i = 0; i < failures; i++) {
            instance.outcomes().add(true);
        }
        return instance;
    }

    @Test
    void idle_shareByWeight() {
        Instance heavy = instance(3, 0);
        Instance light = instance(1, 0);
        Map<Instance, Integer> draws = draw(List.of(light, heavy));
        assertThat(draws.get(heavy) / (double) DRAWS).isCloseTo(0.75, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(strings = {"97,1,1,1", "10,1,1,1,1,1", "20,1,1", "1,20,1", "3,1", "1,2,3,4", "5,0,3,0", "0,0,7"})
    void idle_shareByWeight_howeverMany(String weights) {
        List<Instance> instances = Arrays.stream(weights.split(","))
                .map(weight -> instance(Integer.parseInt(weight), 0))
                .toList();
        double sum = instances.stream()
                .mapToInt(instance -> instance.registration().weight())
                .sum();
        for (List<Instance> candidates : List.of(instances, Tiers.of(instances).best(List.of()))) {
            Map<Instance, Integer> draws = draw(candidates);
            assertThat(instances)
                    .allSatisfy(instance -> assertThat(draws.getOrDefault(instance, 0) / (double) DRAWS)
                            .isCloseTo(
                                    instance.registration().weight() / sum,
                                    within(instance.registration().weight() == 0 ? 0 : 0.022)));
        }
    }

    @Test
    void callsAtTheSameTime_shareByWeight() {
        List<Instance> instances =
                Stream.of(97, 1, 1, 1).map(weight -> instance(weight, 0)).toList();
        Map<Instance, Integer> draws = new HashMap<>();
        Queue<Instance> underWay = new ArrayDeque<>();
        for (int i = 0; i < DRAWS; i++) {
            Instance chosen = balancer.choose(instances);
            chosen.begin(false);
            underWay.add(chosen);
            draws.merge(chosen, 1, Integer::sum);
            if (underWay.size() > 20) {
                underWay.remove().end(false);
            }
        }
        assertThat(draws.get(instances.getFirst()) / (double) DRAWS).isCloseTo(0.97, within(0.02));
    }

    @Test
    void heavyOneThatIsBusyForItsWeight_yieldsToTheLightOne() {
        Instance heavy = instance(3, 3);
        Instance light = instance(1, 0);
        assertThat(draw(List.of(light, heavy))).as("4/3 to 1/1").containsOnlyKeys(light);
    }

    @Test
    void heavyOne_isNotBusyWithItsShare() {
        Instance heavy = instance(3, 2);
        Map<Instance, Integer> draws = draw(List.of(instance(1, 0), heavy));
        assertThat(draws.get(heavy) / (double) DRAWS).as("3/3 to 1/1").isCloseTo(0.75, within(0.02));
    }

    @Test
    void lightOneThatIsBusy_yieldsToTheHeavyOne() {
        Instance heavy = instance(3, 2);
        assertThat(draw(List.of(instance(1, 1), heavy))).containsOnlyKeys(heavy);
    }

    @Test
    void longCalls_pileUpInProportionToWeight() {
        Instance[] instances = {instance(1, 0), instance(1, 0), instance(4, 0)};
        for (int i = 0; i < 600; i++) {
            balancer.choose(Arrays.asList(instances)).begin(false);
        }
        assertThat(instances[0].inFlight()).isBetween(95, 105);
        assertThat(instances[1].inFlight()).isBetween(95, 105);
        assertThat(instances[2].inFlight()).isBetween(390, 410);
    }

    @Test
    void longCalls_pileUpEvenlyAmongEquals() {
        Instance[] instances = {instance(1, 0), instance(1, 0), instance(1, 0)};
        for (int i = 0; i < 3_000; i++) {
            balancer.choose(Arrays.asList(instances)).begin(false);
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

    @Test
    void ofTwo_theFasterIsChosen_untilItIsBusierByMoreThanTheDifference() {
        Instance slow = taking(20, instance(1, 0));
        assertThat(draw(List.of(slow, taking(4, instance(1, 3)))))
                .as("4 ms * 4 to 20 ms * 1")
                .doesNotContainKey(slow);
        assertThat(draw(List.of(slow, taking(4, instance(1, 5)))))
                .as("4 ms * 6 to 20 ms * 1")
                .containsOnlyKeys(slow);
    }

    @Test
    void latenciesLessThanAFactorOfTwoApart_areAlike() {
        List<Instance> candidates = List.of(taking(3, instance(1, 1)), taking(5, instance(1, 1)));
        assertThat(draw(candidates).values())
                .hasSize(2)
                .allSatisfy(n -> assertThat(n).isCloseTo(DRAWS / 2, Percentage.withPercentage(6)));
    }

    @Test
    void newInstance_isNeitherFloodedNorStarved() {
        List<Instance> candidates = List.of(taking(3, instance(1, 2)), taking(40, instance(1, 2)), instance(1, 2));
        Map<Instance, Integer> draws = draw(candidates);
        assertThat(draws.get(candidates.get(2))).as("one in three").isCloseTo(DRAWS / 3, Percentage.withPercentage(6));
    }

    @Test
    void slowInstance_isTriedAgainAfterAWhile() {
        Instance slow = taking(40, instance(1, 0));
        Instance fast = taking(4, instance(1, 0));
        assertThat(draw(List.of(slow, fast))).doesNotContainKey(slow);
        time.advance(Duration.ofSeconds(4));
        taking(4, fast);
        assertThat(draw(List.of(slow, fast))).containsKey(slow);
    }

    @Test
    void heavyOneThatIsSlowerByNoMoreThanItsWeight_keepsItsShare() {
        Instance heavy = taking(40, instance(4, 0));
        Instance light = taking(10, instance(1, 0));
        assertThat(draw(List.of(heavy, light)).get(light) / (double) DRAWS)
                .as("40/4 to 10/1")
                .isCloseTo(0.2, within(0.02));
    }

    @Test
    void heavyOneThatIsSlowerByMore_yieldsToTheLightOne() {
        Instance heavy = taking(50, instance(4, 0));
        Instance light = taking(10, instance(1, 0));
        assertThat(draw(List.of(heavy, light))).as("50/4 to 10/1").containsOnlyKeys(light);
    }

    private Instance taking(long millis, Instance instance) {
        for (int i = 0; i < 2; i++) { // the first is not believed
            time.advance(Duration.ofMillis(millis + 1));
            instance.latency().sample(TimeUnit.MILLISECONDS.toNanos(millis), time.nanos());
        }
        return instance;
    }

    private Map<Instance, Integer> draw(List<Instance> candidates) {
        Map<Instance, Integer> draws = new HashMap<>();
        for (int i = 0; i < DRAWS; i++) {
            draws.merge(balancer.choose(candidates), 1, Integer::sum);
        }
        return draws;
    }

    private static Instance instance(int weight, int inFlight) {
        Instance instance = new Instance(
                null, new Registration("i", "127.0.0.1", 1, Pool.PRIMARY, weight, List.of(), false, true, 1, 1));
        for (int i = 0; i < inFlight; i++) {
            instance.begin(false);
        }
        return instance;
    }
}
