package io.middleware.core.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubsetTest {
    private static final int MOST = 100;
    private static final List<String> GATEWAYS =
            IntStream.rangeClosed(1, 20).mapToObj(i -> "gateway-" + i).toList();
    private static final double MOST_OVER_MEAN = 1.5;

    private final List<Subset> subsets = subsets(GATEWAYS);
    private int made;

    @ParameterizedTest
    @ValueSource(ints = {120, 150, 200, 250, 400, 500, 667, 1_000, 10_000})
    void instances_areUsedByAlikeManyGateways(int size) {
        assertBalanced(instances(size), subsets);
    }

    @Test
    void rollingRestart_keepsTheBalance_andEachChangeMovesOneInstanceAtMost() {
        List<Instance> instances = new ArrayList<>(instances(1_000));
        List<Set<Instance>> before = used(instances, subsets);
        for (int i = 0; i < 40; i++) {
            instances.remove(0);
            List<Set<Instance>> without = used(instances, subsets);
            instances.add(instance());
            List<Set<Instance>> after = used(instances, subsets);
            for (int g = 0; g < subsets.size(); g++) {
                assertThat(cameTo(before.get(g), without.get(g))).hasSizeLessThanOrEqualTo(1);
                assertThat(cameTo(without.get(g), after.get(g))).hasSizeLessThanOrEqualTo(1);
            }
            before = after;
        }
        assertBalanced(instances, subsets);
    }

    @Test
    void rollingRestart_ofTenThousand_movesOneInstanceAtMostAtATime() {
        List<Instance> instances = new ArrayList<>(instances(10_000));
        Subset subset = subsets.getFirst();
        Set<Instance> before = used(instances, subset);
        for (int i = 0; i < 50; i++) {
            instances.remove(0);
            instances.add(instance());
            Set<Instance> after = used(instances, subset);
            assertThat(cameTo(before, after)).hasSizeLessThanOrEqualTo(2);
            before = after;
        }
    }

    @Test
    void gatewayThatComes_takesAShareFromTheOthers() {
        List<Instance> instances = instances(1_000);
        List<Subset> more = subsets(
                IntStream.rangeClosed(1, 21).mapToObj(i -> "gateway-" + i).toList());
        int moved = 0;
        for (int g = 0; g < GATEWAYS.size(); g++) {
            moved += cameTo(used(instances, subsets.get(g)), used(instances, more.get(g)))
                    .size();
        }
        assertBalanced(instances, more);
        assertThat(moved)
                .as("of the %d uses of the others", MOST * GATEWAYS.size())
                .isLessThan(MOST * 4);
    }

    @Test
    void order_playsNoPart_andSubsetsAreTheSameInEachProcess() {
        List<Instance> instances = instances(300);
        List<Instance> shuffled = new ArrayList<>(instances);
        Collections.reverse(shuffled);
        assertThat(subsets.getFirst().ranked(shuffled))
                .isEqualTo(subsets.getFirst().ranked(instances));
        assertThat(subsets(GATEWAYS).getFirst().ranked(instances))
                .isEqualTo(subsets.getFirst().ranked(instances));
    }

    @Test
    void gatewayThatKnowsNoOthers_hasARankOfItsOwn() {
        List<Instance> instances = instances(1_000);
        Set<Instance> one = used(instances, new Subset(MOST, "gateway-1", List.of()));
        Set<Instance> other = used(instances, new Subset(MOST, "gateway-2", List.of()));
        assertThat(one).hasSize(MOST).isNotEqualTo(other);
    }

    @Test
    void fewInstances_areAllUsed_inTheOrderTheyHad() {
        List<Instance> instances = instances(MOST);
        assertThat(subsets.getFirst().ranked(instances)).isEqualTo(instances);
        assertThat(Subset.ALL.ranked(instances(3_000))).hasSize(3_000);
        assertThat(Subset.ALL.most()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void negativeNumber_isRefused() {
        assertThatThrownBy(() -> new Subset(-1, "g", List.of()))
                .hasMessage("most: -1 (expected: 1 or more, or 0 for all)");
    }

    /** The mean is that of the instances in use: with 20 times 100 for 10,000, no gateway uses most of them. */
    private static void assertBalanced(List<Instance> instances, List<Subset> subsets) {
        Map<Instance, Integer> uses = new HashMap<>();
        used(instances, subsets).forEach(some -> some.forEach(instance -> uses.merge(instance, 1, Integer::sum)));
        int all = uses.values().stream().mapToInt(each -> each).sum();
        int most = Collections.max(uses.values());
        assertThat(all).isEqualTo(subsets.size() * MOST);
        assertThat(most / ((double) all / uses.size()))
                .as("most over mean, %d instances in use", uses.size())
                .isLessThanOrEqualTo(MOST_OVER_MEAN);
    }

    private static List<Subset> subsets(List<String> gateways) {
        return gateways.stream()
                .map(gateway -> new Subset(MOST, gateway, gateways))
                .toList();
    }

    private static List<Set<Instance>> used(List<Instance> instances, List<Subset> subsets) {
        return subsets.stream().map(subset -> used(instances, subset)).toList();
    }

    private static Set<Instance> used(List<Instance> instances, Subset subset) {
        return new HashSet<>(subset.ranked(instances).subList(0, Math.min(MOST, instances.size())));
    }

    private static Set<Instance> cameTo(Set<Instance> before, Set<Instance> after) {
        Set<Instance> came = new HashSet<>(after);
        came.removeAll(before);
        return came;
    }

    private List<Instance> instances(int size) {
        return IntStream.range(0, size).mapToObj(i -> instance()).toList();
    }

    private Instance instance() {
        made++;
        return new Instance(
                null,
                new Registration(
                        "hello-service-" + made,
                        "127.0.0.1",
                        made,
                        Pool.PRIMARY,
                        1,
                        List.of("x.One"),
                        false,
                        true,
                        made,
                        made));
    }
}
