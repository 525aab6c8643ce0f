package io.middleware.core.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.middleware.core.StickyRule;
import io.middleware.core.StickyRules;
import io.middleware.core.StickySettings;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares are within six standard deviations of what they must be. */
class RendezvousTest {
    private static final StickyRule RULE = StickyRule.parse("field:name");
    private static final int KEYS = 20_000;
    private static final double BOUND = 1.25;

    private final Rendezvous unbounded = new Rendezvous(new StickySettings(StickyRules.NONE, 0, 1));
    private final Rendezvous bounded = new Rendezvous(new StickySettings(StickyRules.NONE, BOUND, 1));
    private int others;

    // the share of each instance, and what moves

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 16, 50})
    void keys_areSharedEqually(int size) {
        Map<Instance, Integer> shares = shares(instances(size));
        assertThat(shares).hasSize(size);
        assertThat(shares.values())
                .allSatisfy(keys ->
                        assertThat((double) keys / KEYS).isCloseTo(1.0 / size, within(sixDeviations(1.0 / size))));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 16, 50})
    void removingOneOfN_movesItsOwnKeysOnly_whichAreAtMostItsShare(int size) {
        List<Instance> before = instances(size);
        for (Instance gone : before) {
            List<Instance> after = without(before, gone);
            int moved = 0;
            for (int key = 0; key < KEYS; key++) {
                Instance was = choose(unbounded, before, key);
                Instance is = choose(unbounded, after, key);
                if (was != gone) {
                    assertThat(is).isSameAs(was);
                } else {
                    moved++;
                }
            }
            assertThat((double) moved / KEYS).isLessThanOrEqualTo(1.0 / size + sixDeviations(1.0 / size));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 15, 49})
    void addingOne_movesKeysToItOnly_whichAreAtMostItsShare(int size) {
        List<Instance> after = instances(size + 1);
        Instance came = after.getLast();
        List<Instance> before = without(after, came);
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            Instance was = choose(unbounded, before, key);
            Instance is = choose(unbounded, after, key);
            if (is != was) {
                assertThat(is).isSameAs(came);
                moved++;
            }
        }
        assertThat((double) moved / KEYS).isLessThanOrEqualTo(1.0 / (size + 1) + sixDeviations(1.0 / (size + 1)));
    }

    @Test
    void ofTheKeysThatMove_eachOtherInstanceGetsItsShare() {
        List<Instance> before = instances(5);
        Instance gone = before.get(2);
        List<Instance> after = without(before, gone);
        Map<Instance, Integer> got = new HashMap<>();
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            if (choose(unbounded, before, key) == gone) {
                got.merge(choose(unbounded, after, key), 1, Integer::sum);
                moved++;
            }
        }
        int all = moved;
        assertThat(got).hasSize(4);
        assertThat(got.values())
                .allSatisfy(keys ->
                        assertThat((double) keys / all).isCloseTo(0.25, within(6 * Math.sqrt(0.25 * 0.75 / all))));
    }

    // ranks

    @Test
    void rank_dependsOnTheIdsAlone_notOnOrderProcessOrAddress() {
        List<Instance> some = instances(7);
        List<Instance> again = new ArrayList<>(instances(7));
        Collections.shuffle(again, new Random(3));
        for (int key = 0; key < 1000; key++) {
            assertThat(rank(again, key))
                    .isEqualTo(rank(some, key))
                    .doesNotHaveDuplicates()
                    .hasSize(7);
        }
    }

    @Test
    void rank_staysWhenOthersGo() {
        List<Instance> all = instances(7);
        Random random = new Random(5);
        for (int key = 0; key < 1000; key++) {
            List<Instance> left = new ArrayList<>(all);
            Collections.shuffle(left, random);
            left = left.subList(0, 1 + random.nextInt(7));
            List<String> expected = new ArrayList<>(rank(all, key));
            expected.retainAll(left.stream().map(Instance::id).toList());
            assertThat(rank(left, key)).isEqualTo(expected);
        }
    }

    /** Two versions of this gateway run side by side during a rollout, so the hash must never change. */
    @Test
    void rank_isTheSameForEver() {
        List<Instance> all = instances(5);
        assertThat(IntStream.range(0, 6)
                        .mapToObj(key -> rank(all, key).getFirst())
                        .toList())
                .containsExactly("server-4", "server-4", "server-4", "server-2", "server-0", "server-1");
    }

    // weights

    @Test
    void share_isInProportionToWeight() {
        List<Instance> some = List.of(instance("a", 1), instance("b", 2), instance("c", 5), instance("d", 0));
        Map<Instance, Integer> shares = shares(some);
        assertThat(shares).doesNotContainKey(some.get(3));
        for (Instance instance : some.subList(0, 3)) {
            double share = instance.registration().weight() / 8.0;
            assertThat((double) shares.get(instance) / KEYS).isCloseTo(share, within(sixDeviations(share)));
        }
    }

    @Test
    void newWeight_movesKeysOfOrToThatInstanceOnly() {
        List<Instance> before = List.of(instance("a", 1), instance("b", 2), instance("c", 5));
        List<Instance> after = List.of(instance("a", 1), instance("b", 3), instance("c", 5));
        for (int key = 0; key < KEYS; key++) {
            String was = choose(unbounded, before, key).id();
            String is = choose(unbounded, after, key).id();
            assertThat(is.equals(was) || is.equals("b")).isTrue();
        }
    }

    @Test
    void withoutAnyWeight_allCount() {
        assertThat(shares(List.of(instance("a", 0), instance("b", 0)))).hasSize(2);
    }

    @Test
    void onlyCandidate_isChosen_whateverItsLoad() {
        Instance only = instance("a", 3);
        begin(only, 1000);
        assertThat(choose(bounded, List.of(only), 1)).isSameAs(only);
        Instance none = instance("b", 0);
        assertThat(choose(bounded, List.of(none), 1)).isSameAs(none);
    }

    // bounded load

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void load_isNeverAboveTheBoundByMoreThanOneCall(int seed) {
        Random random = new Random(seed);
        List<Instance> all = new ArrayList<>();
        for (int i = 2 + random.nextInt(8); i > 0; i--) {
            all.add(instance("s" + i, seed % 2 == 0 ? 1 : 1 + random.nextInt(4)));
        }
        double weights = all.stream().mapToInt(i -> i.registration().weight()).sum();
        int least = 1 + random.nextInt(10);
        Rendezvous rendezvous = new Rendezvous(new StickySettings(StickyRules.NONE, BOUND, least));
        List<Instance> calls = new ArrayList<>();
        // few keys, and calls that stay: what would put all load on one instance
        for (int i = 0; i < 3000; i++) {
            if (!calls.isEmpty() && random.nextInt(100) < 45) {
                calls.remove(random.nextInt(calls.size())).end(false);
                continue;
            }
            Instance chosen = choose(rendezvous, all, random.nextInt(3));
            begin(chosen, 1);
            calls.add(chosen);
            double bound = BOUND * calls.size() * chosen.registration().weight() / weights;
            assertThat((double) chosen.inFlight())
                    .as("seed %d, call %d of %d", seed, i, calls.size())
                    .isLessThanOrEqualTo(Math.max(least, Math.ceil(bound)));
        }
    }

    @Test
    void busyInstance_isPassedOverForTheNextInRank_andSaidToBe() {
        List<Instance> all = instances(3);
        List<String> rank = rank(all, 4);
        Instance first = named(all, rank.getFirst());
        begin(first, 2);
        Choice choice = new Choice(RULE, key(4));
        assertThat(bounded.choose(all, key(4), choice).id()).isEqualTo(rank.get(1));
        Ranking ranking = choice.ranking();
        assertThat(ranking.rank()).isEqualTo(2);
        assertThat(ranking.of()).isEqualTo(3);
        assertThat(ranking.busy()).containsExactly(new Ranking.Busy(first, 2, 2));
        first.end(false);
        first.end(false);
        assertThat(choose(bounded, all, 4)).as("it has room again").isSameAs(first);
    }

    @Test
    void fewCalls_moveNoKey() {
        Rendezvous usual = new Rendezvous(StickySettings.DEFAULT);
        List<Instance> all = instances(4);
        Instance first = choose(usual, all, 9);
        for (int i = 0; i < StickySettings.DEFAULT.least(); i++) {
            assertThat(choose(usual, all, 9)).isSameAs(first);
            begin(first, 1);
        }
        assertThat(choose(usual, all, 9)).isNotSameAs(first);
    }

    @Test
    void withoutBound_noKeyMoves() {
        List<Instance> all = instances(4);
        Instance first = choose(unbounded, all, 9);
        begin(first, 10_000);
        assertThat(choose(unbounded, all, 9)).isSameAs(first);
    }

    private double sixDeviations(double share) {
        return 6 * Math.sqrt(share * (1 - share) / KEYS);
    }

    private Map<Instance, Integer> shares(List<Instance> among) {
        Map<Instance, Integer> shares = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            shares.merge(choose(unbounded, among, key), 1, Integer::sum);
        }
        return shares;
    }

    private List<String> rank(List<Instance> among, int key) {
        List<String> rank = new ArrayList<>();
        for (List<Instance> left = among; !left.isEmpty(); left = without(left, named(among, rank.getLast()))) {
            rank.add(choose(unbounded, left, key).id());
        }
        return rank;
    }

    private static Instance choose(Rendezvous rendezvous, List<Instance> among, int key) {
        return rendezvous.choose(among, key(key), new Choice(RULE, key(key)));
    }

    private static StickyKey key(int number) {
        return StickyKey.of(RULE, "user-" + number);
    }

    private static Instance named(List<Instance> all, String id) {
        return all.stream().filter(i -> i.id().equals(id)).findFirst().orElseThrow();
    }

    private static List<Instance> without(List<Instance> all, Instance one) {
        return all.stream().filter(instance -> instance != one).toList();
    }

    private List<Instance> instances(int size) {
        return WeightedInstances.of(IntStream.range(0, size)
                .mapToObj(i -> instance("server-" + i, 1))
                .toList());
    }

    private Instance instance(String id, int weight) {
        return new Instance(
                null,
                new Registration(id, "127.0.0.1", 1 + others++, Pool.PRIMARY, weight, List.of(), false, true, 1, 1));
    }

    private static void begin(Instance instance, int calls) {
        for (int i = 0; i < calls; i++) {
            instance.begin(false);
        }
    }
}
