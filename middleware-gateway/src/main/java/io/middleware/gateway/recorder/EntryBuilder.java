package io.middleware.gateway.recorder;

import io.middleware.core.Outcome;
import io.middleware.core.balancing.Comparison;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Facts;
import io.middleware.core.record.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts an entry of a {@link CallStory} together. */
final class EntryBuilder {
    private final double atUs;
    private @Nullable Integer attempt;
    private @Nullable String instance;
    private @Nullable Boolean hedge;
    private @Nullable List<CallStory.Load> candidates;
    private @Nullable List<CallStory.Load> compared;
    private @Nullable List<CallStory.Absent> leftOut;
    private @Nullable String decision;
    private @Nullable Facts facts;
    private @Nullable String outcome;
    private @Nullable String evidence;
    private @Nullable Boolean alive;
    private @Nullable Double budgetBefore;
    private @Nullable Boolean granted;
    private @Nullable Double waitUs;

    EntryBuilder(double atUs) {
        this.atUs = atUs;
    }

    EntryBuilder attempt(CallRecord record, int number) {
        attempt = number;
        return instance(record.instance(number));
    }

    EntryBuilder hedge(boolean isHedge) {
        hedge = isHedge;
        return this;
    }

    CallStory.Entry ended(Step.Ended step) {
        Outcome ended = step.outcome();
        outcome = ended.kind() + " " + ended.inWords();
        evidence = ended.evidence().name();
        alive = step.alive();
        return build("ended");
    }

    EntryBuilder paid(double before, boolean isGranted) {
        budgetBefore = before;
        granted = isGranted;
        return this;
    }

    EntryBuilder waits(double micros) {
        waitUs = micros;
        return this;
    }

    CallStory.Entry chosen(Step.Chosen step) {
        Comparison comparison = step.choice().comparison();
        hedge = step.hedge();
        candidates = step.figures().stream()
                .map(figures -> CallStory.Load.of(figures, null))
                .toList();
        compared = comparison == null
                ? null
                : List.of(
                        CallStory.Load.of(comparison.first(), comparison.firstCost()),
                        CallStory.Load.of(comparison.second(), comparison.secondCost()));
        leftOut = LeftOut.of(step).stream()
                .map(left -> new CallStory.Absent(left.instance().id(), left.why(), left.detail()))
                .toList();
        return instance(step.choice().chosen()).build("chosen");
    }

    CallStory.Entry decided(Step.Decided step) {
        decision = step.decision().toString();
        facts = step.facts();
        Outcome after = step.after();
        outcome = after == null ? null : after.kind() + " " + after.inWords();
        return build("decided");
    }

    CallStory.Entry concluded(CallRecord record, Step.Concluded end) {
        outcome = end.failure() == null
                ? end.code().name()
                : end.code() + " " + end.failure().detailed();
        attempt = end.attempt() == 0 ? null : end.attempt();
        return instance(record.answeredBy()).build(end.stale() ? "stale" : "concluded");
    }

    CallStory.Entry build(String kind) {
        return new CallStory.Entry(
                atUs,
                kind,
                attempt,
                instance,
                hedge,
                candidates,
                compared,
                leftOut,
                decision,
                facts,
                outcome,
                evidence,
                alive,
                budgetBefore,
                granted,
                waitUs);
    }

    private EntryBuilder instance(@Nullable Instance of) {
        instance = of == null ? null : of.id();
        return this;
    }
}
