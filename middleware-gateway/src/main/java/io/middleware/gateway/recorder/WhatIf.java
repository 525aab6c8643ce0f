package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.call.Replay;
import io.middleware.core.directory.Service;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Facts;
import io.middleware.core.record.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What would have become of a call with other settings: its decisions are made again with them, up to the first that differs. What
 * would have followed is not known, as it did not happen, except where the call would have ended. Confined to one thread.
 */
final class WhatIf {
    private final Settings before;
    private final Settings supposed;
    private final List<KeptCall> all;
    private final long since;
    private final Map<Service, BudgetHistory> histories = new HashMap<>();

    /**
     * Creates one.
     *
     * @param all   all kept calls: they tell what the retry budget would have held
     * @param since when the gateway started, in nanoseconds of the ticker
     */
    WhatIf(Settings before, Settings supposed, List<KeptCall> all, long since) {
        this.before = before;
        this.supposed = supposed;
        this.all = all;
        this.since = since;
    }

    /** Returns the first difference as a sentence, or that there is none. */
    String tell(KeptCall call, String language) {
        Words words = new Words(language);
        CallRecord record = call.record();
        BudgetHistory budget = history(record);
        Replay.Difference found =
                new Replay(supposed).firstDifference(record, (step, facts) -> suppose(step, facts, budget));
        if (found == null) {
            return words.text("what-if.same");
        }
        String after = words.time((double) (found.step().at() - record.startedAt()));
        if (!(found.step() instanceof Step.Decided decided) || !(found.now() instanceof Decision now)) {
            return words.text("what-if.choice", after, found.now());
        }
        Facts facts = decided.facts();
        Facts otherFacts = facts == null ? null : suppose(decided, facts, budget);
        DecisionNarrator decisions = new DecisionNarrator(words);
        return words.text(
                now instanceof Decision.GiveUp ? "what-if.ends" : "what-if.differs",
                after,
                decisions.inWords(decided).text(),
                decisions
                        .inWords(new Step.Decided(decided.at(), decided.after(), otherFacts, now))
                        .text());
    }

    private Facts suppose(Step.Decided step, Facts facts, @Nullable BudgetHistory budget) {
        long hedgeDelay = before.hedge().equals(supposed.hedge())
                ? facts.hedgeDelay()
                : Math.clamp(
                        facts.hedgeDelay(),
                        supposed.hedge().shortestDelay().toNanos(),
                        supposed.hedge().longestDelay().toNanos());
        return facts.with(budget == null ? facts.budget() : budget.at(step.at(), facts.calls()), hedgeDelay);
    }

    private @Nullable BudgetHistory history(CallRecord record) {
        Service service = record.service();
        return before.budget().equals(supposed.budget()) || service == null
                ? null
                : histories.computeIfAbsent(service, each -> new BudgetHistory(supposed.budget(), all, each, since));
    }
}
