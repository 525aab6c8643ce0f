package io.middleware.gateway.recorder;

import io.middleware.core.balancing.Comparison;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Facts;
import io.middleware.core.record.Step;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kept call as data, for programs. Times are microseconds since it came in.
 *
 * @param caller     who called, such as {@code key:shop}; null if that is not known
 * @param came       ISO 8601
 * @param code       what the caller got, by gRPC's name
 * @param answeredBy the instance whose response it got; null for none
 * @param traits     what is unusual about it
 * @param steps      what happened; empty in a list of calls
 * @param omitted    how many steps are left out
 * @param sentences  the same for people
 * @param spent      where the time went, for people; null in a list of calls, and where no attempt was made
 * @param whatIf     what would have become of it; null if that was not asked
 */
record CallStory(
        String id,
        String gateway,
        String path,
        @Nullable String service,
        @Nullable String caller,
        String came,
        double tookUs,
        String code,
        @Nullable String answeredBy,
        int attempts,
        Set<Trait> traits,
        List<Entry> steps,
        int omitted,
        List<Narrator.Sentence> sentences,
        @Nullable String spent,
        @Nullable String whatIf) {

    /** Another gateway, maybe of another version, has sent it. */
    CallStory {
        id = id == null ? "" : id;
        came = came == null ? "" : came;
        code = code == null ? "" : code;
        path = path == null ? "" : path;
        traits = traits == null ? Set.of() : traits;
        steps = steps == null ? List.of() : steps;
        sentences = sentences == null ? List.of() : sentences;
    }

    /** Something that happened; what does not belong to its kind is null. */
    record Entry(
            double atUs,
            String kind,
            @Nullable Integer attempt,
            @Nullable String instance,
            @Nullable Boolean hedge,
            @Nullable List<Load> candidates,
            @Nullable List<Load> compared,
            @Nullable List<Absent> leftOut,
            @Nullable String decision,
            @Nullable Facts facts,
            @Nullable String outcome,
            @Nullable String evidence,
            @Nullable Boolean alive,
            @Nullable Double budgetBefore,
            @Nullable Boolean granted,
            @Nullable Double waitUs) {}

    /**
     * A candidate.
     *
     * @param times     how often its cost counts as it has just started; null if it has not
     * @param latencyUs null if not known
     * @param cost      as compared; null for what was not compared
     */
    record Load(
            String instance,
            long weight,
            int inFlight,
            @Nullable Double times,
            @Nullable Double latencyUs,
            double failed,
            @Nullable Double cost) {
        static Load of(Comparison.Figures figures, @Nullable Double cost) {
            return new Load(
                    figures.instance().id(),
                    figures.weight(),
                    figures.inFlight(),
                    figures.times() > 1 ? (double) figures.times() : null,
                    figures.latency() == 0 ? null : figures.latency() / 1e3,
                    figures.failed(),
                    cost);
        }
    }

    /** Who was no candidate. */
    record Absent(String instance, LeftOut.Why why, String detail) {}

    /** Returns a call without what happened in it. */
    static CallStory summary(KeptCall call, String gateway) {
        return of(call, gateway, List.of(), List.of(), null, null);
    }

    /** Returns a call with all that happened in it. {@code language}: {@code en} or {@code pt}. */
    static CallStory of(KeptCall call, String gateway, String language, @Nullable String whatIf) {
        CallRecord record = call.record();
        List<Entry> steps =
                record.steps().stream().map(step -> entry(record, step)).toList();
        return of(
                call,
                gateway,
                steps,
                Narrator.tell(call, gateway, language),
                TimeSpent.inWords(call, language),
                whatIf);
    }

    private static CallStory of(
            KeptCall call,
            String gateway,
            List<Entry> steps,
            List<Narrator.Sentence> sentences,
            @Nullable String spent,
            @Nullable String whatIf) {
        CallRecord record = call.record();
        Service service = record.service();
        Instance answeredBy = record.answeredBy();
        return new CallStory(
                call.id(),
                gateway,
                record.path(),
                service == null ? null : service.name(),
                call.caller(),
                call.came().toString(),
                record.nanos() / 1e3,
                record.end().code().name(),
                answeredBy == null ? null : answeredBy.id(),
                record.attempts(),
                call.traits(),
                steps,
                record.omitted(),
                sentences,
                spent,
                whatIf);
    }

    private static Entry entry(CallRecord record, Step step) {
        EntryBuilder entry = new EntryBuilder((step.at() - record.startedAt()) / 1e3);
        return switch (step) {
            case Step.Chosen chosen -> entry.chosen(chosen);
            case Step.Started started ->
                entry.attempt(record, started.attempt()).hedge(started.hedge()).build("started");
            case Step.Responded responded ->
                entry.attempt(record, responded.attempt()).build(responded.replayed() ? "replayed" : "responded");
            case Step.Ended ended -> entry.attempt(record, ended.attempt()).ended(ended);
            case Step.Decided decided -> entry.decided(decided);
            case Step.Paid paid -> entry.paid(paid.before(), paid.granted()).build("paid");
            case Step.BackedOff backedOff ->
                entry.waits(backedOff.nanos() / 1e3).build("backed-off");
            case Step.Concluded concluded -> entry.concluded(record, concluded);
        };
    }
}
