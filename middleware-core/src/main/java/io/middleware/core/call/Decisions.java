package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;

/** Asks {@link RetryPolicy} with the facts of the moment, and records what it decided by. */
final class Decisions {
    private final RetryPolicy policy;
    private final CallProgress progress;
    private final int mostAttempts;
    private final Ticker ticker;
    private final CallRecord record;

    Decisions(AttemptContext context, CallProgress progress) {
        CallDependencies dependencies = context.dependencies();
        this.policy = dependencies.policy();
        this.mostAttempts = dependencies.attempts();
        this.ticker = dependencies.ticker();
        this.progress = progress;
        this.record = context.record();
    }

    /** Decides what happens after an attempt that ended so. */
    Decision.AfterAttempt afterAttempt(Outcome outcome) {
        if (RetryPolicy.isFinal(outcome, progress.retryRequested(), progress.keyInUse())) {
            record.decided(outcome, null, RetryPolicy.RESPOND);
            return RetryPolicy.RESPOND;
        }
        FactsState state = state(ticker.nanos(), false);
        Decision.AfterAttempt decision = policy.afterAttempt(outcome, state);
        record.decided(outcome, state.facts(), decision);
        return decision;
    }

    /** Decides what happens while no attempt ends. At least one is in flight. */
    Decision.WhileWaiting whileWaiting() {
        long now = ticker.nanos();
        FactsState state = state(now, true);
        Decision.WhileWaiting decision = policy.whileWaiting(now, state);
        record.decided(null, state.facts(), decision);
        return decision;
    }

    private FactsState state(long now, boolean waiting) {
        return new FactsState(progress.facts(now, waiting), mostAttempts, progress::peerHasRoom);
    }
}
