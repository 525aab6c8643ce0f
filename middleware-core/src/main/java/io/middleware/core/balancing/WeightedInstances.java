package io.middleware.core.balancing;

import io.middleware.core.Hash64;
import io.middleware.core.instance.Instance;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Instances of one tier, from which one is drawn in proportion to its weight. Immutable: made once, used by many calls. */
public final class WeightedInstances extends AbstractList<Instance> implements RandomAccess {
    private static final long[] EQUAL = {};

    private final Instance[] instances;
    /** The sum of the weights up to and including each instance; {@link #EQUAL} if all weights are equal. */
    private final long[] upTo;
    /** Of the ids; null until a call is sticky, as other calls need none. */
    private volatile long @Nullable [] idHashes;

    private WeightedInstances(List<Instance> instances) {
        this.instances = instances.toArray(Instance[]::new);
        this.upTo = sums(this.instances);
    }

    /** Returns the same instances as a list to draw from; {@code instances} itself if it is one. */
    public static WeightedInstances of(List<Instance> instances) {
        return instances instanceof WeightedInstances weighted ? weighted : new WeightedInstances(instances);
    }

    private static long[] sums(Instance[] instances) {
        long[] sums = new long[instances.length];
        long sum = 0;
        for (int i = 0; i < instances.length; i++) {
            sum += instances[i].registration().weight();
            sums[i] = sum;
        }
        boolean equal = true;
        for (int i = 0; equal && i < sums.length; i++) {
            equal = sums[i] == (i + 1) * sums[0];
        }
        return equal ? EQUAL : sums;
    }

    @Override
    public Instance get(int index) {
        return instances[index];
    }

    @Override
    public int size() {
        return instances.length;
    }

    boolean equalWeights() {
        return upTo == EQUAL;
    }

    /** Returns the sum of the weights. Called only if weights are not equal. */
    long totalWeight() {
        return upTo[upTo.length - 1];
    }

    /** Returns a weight as it was when this was made. Called only if weights are not equal. */
    long weight(int index) {
        return index == 0 ? upTo[0] : upTo[index] - upTo[index - 1];
    }

    /** Returns the hash of an instance's id, the same in every process. */
    long idHash(int index) {
        long[] known = idHashes;
        if (known == null) {
            known = Arrays.stream(instances)
                    .mapToLong(instance -> Hash64.of(instance.id()))
                    .toArray();
            idHashes = known;
        }
        return known[index];
    }

    /** Draws an index in proportion to the weights; an instance of weight 0 is never drawn. */
    int draw(RandomGenerator random) {
        return at(random.nextLong(upTo[upTo.length - 1]));
    }

    /** Draws another index than {@code index} in the same way; {@code index} itself if no other has any weight. */
    int drawOther(int index, RandomGenerator random) {
        long weight = weight(index);
        long others = upTo[upTo.length - 1] - weight;
        if (others == 0) {
            return index;
        }
        long point = random.nextLong(others);
        return at(point < upTo[index] - weight ? point : point + weight);
    }

    /** Returns the index for a point between 0 and the sum of all weights: the first sum above it. */
    private int at(long point) {
        int found = Arrays.binarySearch(upTo, point + 1);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && upTo[found - 1] == upTo[found]) {
            found--; // skips instances of weight 0
        }
        return found;
    }
}
