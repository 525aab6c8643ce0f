package io.middleware.chaos.prove.check;

import java.util.List;

/** What the checker found. */
public record Judgement(Figures figures, List<Violation> violations) {

    /**
     * Returns whether all rules hold, for calls of which some succeeded: a run in which nothing worked proves nothing.
     */
    public boolean proved() {
        return violations.isEmpty() && figures.unmarkedOk() + figures.keyedOk() > 0;
    }
}
