package io.middleware.gateway.recorder;

import io.middleware.core.Code;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Facts;
import io.middleware.core.record.Step;
import org.jspecify.annotations.Nullable;

/** Tells what the retry policy decided, and by what. */
final class DecisionNarrator {
    private static final String POLICY = "call/RetryPolicy.java";

    private final Words words;

    /**
     * A decision in words.
     *
     * @param concept the key of what it is an example of
     * @param file    where it is made, below the core
     */
    record Told(String concept, String file, String text) {}

    DecisionNarrator(Words words) {
        this.words = words;
    }

    /** Returns whether something follows from it. A stream without a deadline is looked at for ever. */
    static boolean isWorthTelling(Step.Decided decided) {
        return !(decided.decision() instanceof Decision.LookAgain(long nanos))
                || nanos != Long.MAX_VALUE
                        && decided.facts() != null
                        && decided.facts().instancesChecked();
    }

    Told inWords(Step.Decided decided) {
        Facts facts = decided.facts();
        String waited = words.time(facts == null ? 0 : (double) facts.waited());
        return switch (decided.decision()) {
            case Decision.Respond() -> told("answer", POLICY, "decided.respond");
            case Decision.GiveUp end
            when end.equals(Decision.NO_BUDGET) && facts != null ->
                told("budget", "retry/RetryBudget.java", "decided.no-budget", words.figure(facts.budget()));
            case Decision.GiveUp(String reason) -> told("at-most-once", POLICY, "decided.give-up", reason(reason));
            case Decision.Retry(boolean elsewhere, boolean paid) ->
                told(
                        "retry",
                        POLICY,
                        "decided.retry."
                                + (!paid ? "free" : elsewhere ? "elsewhere" : isAborted(decided) ? "key" : "later"));
            case Decision.AwaitOthers() -> told("hedge", POLICY, "decided.await");
            case Decision.MoveUnsent(boolean stranded) ->
                told("move", POLICY, stranded ? "decided.move.stranded" : "decided.move");
            case Decision.ReportLost() -> told("at-most-once", POLICY, "decided.lost");
            case Decision.CheckInstances() -> told("silence", "outlier/HealthCheck.java", "decided.check", waited);
            case Decision.Hedge(boolean anywhere) ->
                told(
                        "hedge",
                        "retry/HedgeDelay.java",
                        anywhere ? "decided.hedge.anywhere" : "decided.hedge",
                        waited,
                        words.time(facts == null ? 0 : (double) facts.hedgeDelay()));
            case Decision.LookAgain(long nanos) ->
                told("waiting", "call/CallTimer.java", "decided.wait", words.time((double) nanos));
        };
    }

    private static boolean isAborted(Step.Decided decided) {
        return decided.after() != null && decided.after().code() == Code.ABORTED;
    }

    private Told told(String concept, String file, String key, Object... values) {
        return new Told(concept, file, words.text(key, values));
    }

    private String reason(@Nullable String reason) {
        return reason == null ? words.text("reason.none") : words.translated("reason", reason);
    }
}
