package io.middleware.gateway.recorder;

import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out all but the first of the rounds in which a call is looked at and nothing follows: a slow call has hundreds. A round is a
 * check of the instances, a hedge that finds no instance or no budget, and a wait. Confined to one thread.
 */
final class Rounds {
    private final List<Step> steps;
    private final List<Step> told = new ArrayList<>();
    private boolean waits;
    private boolean hedgeTold;

    private Rounds(List<Step> steps) {
        this.steps = steps;
    }

    static List<Step> worthTelling(List<Step> steps) {
        return new Rounds(steps).tell();
    }

    private List<Step> tell() {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            int fruitless = fruitlessHedge(i);
            if (fruitless > 0) {
                if (!hedgeTold) {
                    told.addAll(steps.subList(i, i + fruitless));
                }
                hedgeTold = true;
                i += fruitless - 1;
            } else if (isLook(step)) {
                if (!waits) {
                    told.add(step);
                }
                waits |= isWait(step);
            } else {
                told.add(step);
                waits = false;
                hedgeTold = false;
            }
        }
        return told;
    }

    /** Returns of how many steps the hedge consists that begins here and does not come about; 0 if none does. */
    private int fruitlessHedge(int from) {
        boolean hedges =
                steps.get(from) instanceof Step.Decided decided && decided.decision() instanceof Decision.Hedge;
        if (!hedges || from + 1 >= steps.size() || !(steps.get(from + 1) instanceof Step.Chosen chosen)) {
            return 0;
        }
        if (chosen.choice().chosen() == null) {
            return 2;
        }
        return from + 2 < steps.size() && steps.get(from + 2) instanceof Step.Paid paid && !paid.granted() ? 3 : 0;
    }

    private static boolean isLook(Step step) {
        return step instanceof Step.Decided decided
                && (decided.decision() instanceof Decision.CheckInstances || isWait(step));
    }

    private static boolean isWait(Step step) {
        return step instanceof Step.Decided decided
                && decided.decision() instanceof Decision.LookAgain
                && DecisionNarrator.isWorthTelling(decided);
    }
}
