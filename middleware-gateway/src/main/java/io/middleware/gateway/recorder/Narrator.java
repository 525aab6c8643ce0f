package io.middleware.gateway.recorder;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.Priority;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what happened to a call in sentences. Confined to one thread. */
final class Narrator {
    private static final String CORE = "middleware-core/src/main/java/io/middleware/core/";
    private static final String GATEKEEPER =
            "middleware-gateway/src/main/java/io/middleware/gateway/security/Gatekeeper.java";

    private static final String LIMITER =
            "middleware-gateway/src/main/java/io/middleware/gateway/security/limit/Limiter.java";
    private static final String NGINX = "nginx/nginx.conf.template";
    private static final String WATCH =
            "middleware-gateway/src/main/java/io/middleware/gateway/consul/ConsulWatch.java";

    private final Words words;
    private final ChoiceNarrator choices;
    private final DecisionNarrator decisions;
    private final List<Sentence> sentences = new ArrayList<>();

    /**
     * One sentence.
     *
     * @param atUs    microseconds after the call came in
     * @param concept what it is an example of, in the reader's language
     * @param file    where that is done, from the project's root
     */
    record Sentence(double atUs, String text, String concept, String file) {}

    private Narrator(String language) {
        this.words = new Words(language);
        this.choices = new ChoiceNarrator(words);
        this.decisions = new DecisionNarrator(words);
    }

    /** Returns the sentences about a call. {@code language}: {@code en} or {@code pt}. */
    static List<Sentence> tell(KeptCall call, String gateway, String language) {
        Narrator narrator = new Narrator(language);
        CallRecord record = call.record();
        narrator.add(
                0,
                "proxy",
                CORE + "call/Failover.java",
                record.service() == null && !Trait.isRefusedAtTheGate(record) ? "came.nowhere" : "came",
                record.path(),
                gateway);
        if (call.resentAfter() != null) {
            narrator.add(
                    0,
                    "proxy",
                    NGINX,
                    call.resentAfter().equals(Call.RESENT_AT_ANY_TIME) ? "resent.some-time" : "resent",
                    narrator.words.time((double) call.resentAfter().toNanos()));
        }
        if (!call.registryAge().isZero()) {
            narrator.add(0, "directory", WATCH, "registry.away", narrator.words.time((double)
                    call.registryAge().toNanos()));
        }
        if (call.caller() != null) {
            narrator.add(0, "identity", GATEKEEPER, "caller", call.caller());
        }
        if (record.priority() != Priority.NORMAL) {
            String priority = narrator.words.text("priority." + record.priority());
            narrator.add(0, "overload", CORE + "Priority.java", "ranked." + record.priority(), priority);
        }
        Rounds.worthTelling(record.steps()).forEach(step -> narrator.tell(record, step));
        if (record.omitted() > 0) {
            narrator.add(record.nanos(), "waiting", CORE + "call/CallTimer.java", "omitted", record.omitted());
        }
        return narrator.sentences;
    }

    private void tell(CallRecord record, Step step) {
        long after = step.at() - record.startedAt();
        switch (step) {
            case Step.Chosen chosen ->
                choices.tell(chosen, (concept, file, key, values) -> add(after, concept, CORE + file, key, values));
            case Step.Started started ->
                add(
                        after,
                        started.hedge() ? "hedge" : started.attempt() > 1 ? "retry" : "rpc",
                        CORE + "call/Attempt.java",
                        started.hedge() ? "started.hedge" : "started",
                        started.attempt(),
                        started.instance().id(),
                        pool(started));
            case Step.Responded responded ->
                add(
                        after,
                        "rpc",
                        CORE + "call/Attempt.java",
                        responded.replayed() ? "responded.replayed" : "responded",
                        name(record, responded.attempt()),
                        words.time((double) sinceStart(record, step, responded.attempt())));
            case Step.Ended ended -> tellEnd(record, ended, after);
            case Step.Decided decided -> {
                if (isForVersionDoubt(record, decided)) {
                    add(after, "at-most-once", CORE + "call/VersionDoubts.java", "version-doubt");
                }
                if (DecisionNarrator.isWorthTelling(decided)) {
                    DecisionNarrator.Told told = decisions.inWords(decided);
                    sentences.add(new Sentence(
                            after / 1e3, told.text(), words.text("concept." + told.concept()), CORE + told.file()));
                }
            }
            case Step.Paid paid ->
                add(
                        after,
                        "budget",
                        CORE + "retry/RetryBudget.java",
                        paid.granted() ? "paid" : "paid.not",
                        words.figure(paid.before()));
            case Step.BackedOff backedOff ->
                add(after, "back-off", CORE + "retry/BackOff.java", "backed-off", words.time((double)
                        backedOff.nanos()));
            case Step.Concluded concluded -> tellConclusion(record, concluded, after);
        }
    }

    /** Returns whether a call of an idempotent method ends because the server's version is in doubt. */
    private static boolean isForVersionDoubt(CallRecord record, Step.Decided decided) {
        boolean mightRunTwice =
                decided.decision().equals(Decision.NOT_IDEMPOTENT) || decided.decision() instanceof Decision.ReportLost;
        return mightRunTwice
                && decided.facts() != null
                && !decided.facts().idempotent()
                && record.method() != null
                && record.method().traits().idempotent();
    }

    private void tellEnd(CallRecord record, Step.Ended ended, long after) {
        Outcome outcome = ended.outcome();
        Step.Concluded end = record.end();
        if (ended.alive() != null) {
            add(
                    after,
                    "silence",
                    CORE + "outlier/HealthCheck.java",
                    ended.alive() ? "pinged.alive" : "pinged.silent",
                    name(record, ended.attempt()));
        }
        if (outcome.code() == Code.CANCELLED
                && outcome.kind() == Outcome.Kind.IN_DOUBT
                && (end.left() || end.attempt() != 0 && end.attempt() != ended.attempt())) {
            add(
                    after,
                    end.left() ? "failure" : "hedge",
                    CORE + "call/Attempts.java",
                    end.left() ? "ended.left" : "ended.second",
                    ended.attempt(),
                    name(record, ended.attempt()),
                    words.time((double) sinceStart(record, ended, ended.attempt())));
            return;
        }
        add(
                after,
                outcome.kind() == Outcome.Kind.ANSWERED ? "rpc" : "evidence",
                CORE + "Outcome.java",
                "ended",
                ended.attempt(),
                name(record, ended.attempt()),
                words.time((double) sinceStart(record, ended, ended.attempt())),
                words.text("kind." + outcome.kind(), words.translated("words", outcome.inWords())),
                words.text("evidence." + outcome.evidence()));
    }

    private void tellConclusion(CallRecord record, Step.Concluded end, long after) {
        String took = words.time((double) record.nanos());
        if (end.left()) {
            add(after, "failure", CORE + "call/Exchange.java", "concluded.left", took);
        } else if (end.stale()) {
            add(after, "stale", CORE + "call/StaleIfError.java", "concluded.stale", took);
        } else if (end.failure() != null && Trait.isRefusedAtTheGate(record)) {
            boolean much = end.code() == Code.RESOURCE_EXHAUSTED;
            String refused = "refused." + end.code();
            add(
                    after,
                    much ? "overload" : "identity",
                    much ? LIMITER : GATEKEEPER,
                    refused,
                    end.failure().detailed());
        } else if (end.failure() != null) {
            add(
                    after,
                    "failure",
                    CORE + "call/CallEnd.java",
                    "concluded.failure",
                    took,
                    end.code(),
                    end.failure().detailed());
        } else {
            add(
                    after,
                    "transparency",
                    CORE + "call/ResponseWriter.java",
                    record.attempts() == 1
                            ? "concluded"
                            : end.code() == Code.OK ? "concluded.hidden" : "concluded.last",
                    took,
                    end.code(),
                    name(record, end.attempt()),
                    record.attempts());
        }
    }

    private String pool(Step.Started started) {
        return words.text("pool." + started.instance().pool().name().toLowerCase(Locale.ROOT));
    }

    private static String name(CallRecord record, int attempt) {
        return String.valueOf(record.instance(attempt));
    }

    private static long sinceStart(CallRecord record, Step step, int attempt) {
        for (Step each : record.steps()) {
            if (each instanceof Step.Started started && started.attempt() == attempt) {
                return step.at() - started.at();
            }
        }
        return step.at() - record.startedAt();
    }

    private void add(long after, String concept, String file, String key, Object... values) {
        sentences.add(new Sentence(after / 1e3, words.text(key, values), words.text("concept." + concept), file));
    }
}
