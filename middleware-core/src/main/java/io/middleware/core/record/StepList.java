package io.middleware.core.record;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a call, bounded. A stream that is silent for hours is looked at again and again: of a row of looks from which nothing
 * followed only the first and the last ones are kept.
 */
final class StepList {
    private static final int MOST_LOOKS = 4;

    private final int most;
    private final List<Step> steps = new ArrayList<>(8);
    private int omitted;
    /** How many of the last steps are looks from which nothing followed. */
    private int looks;

    /** {@code most}: how many there may be, but for those that are added in any case. */
    StepList(int most) {
        this.most = most;
    }

    void add(Step step) {
        if (steps.size() < most) {
            addAlways(step);
        } else {
            omitted++;
        }
    }

    /** Adds one of a kind of which there are few. */
    void addAlways(Step step) {
        steps.add(step);
        looks = 0;
    }

    void addLook(Step step) {
        if (looks < MOST_LOOKS) {
            looks++;
        } else {
            steps.remove(steps.size() - MOST_LOOKS / 2);
        }
        steps.add(step);
    }

    List<Step> steps() {
        return steps;
    }

    /** Returns how many had no room; looks are not among them. */
    int omitted() {
        return omitted;
    }
}
