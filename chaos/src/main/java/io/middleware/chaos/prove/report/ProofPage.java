package io.middleware.chaos.prove.report;

import io.middleware.chaos.prove.check.Judgement;
import io.middleware.chaos.prove.check.Violation;
import io.middleware.chaos.prove.history.History;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.stack.FaultSpan;
import io.middleware.load.report.Band;
import io.middleware.load.report.Dot;
import io.middleware.load.report.Mark;
import io.middleware.load.report.Report;
import io.middleware.load.report.ReportPage;
import io.middleware.load.report.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A proof as a page: each call as a dot with the faults meanwhile, and each call that breaks a rule. */
public final class ProofPage {

    private static final int MOST_CHAPTERS = 50;
    private static final long LATE_MICROS = 100_000;

    private final History history;
    private final List<FaultSpan> faults;
    private final Judgement judgement;
    private final Texts texts;
    private final Set<String> broken;

    private ProofPage(History history, List<FaultSpan> faults, Judgement judgement, Texts texts) {
        this.history = history;
        this.faults = faults;
        this.judgement = judgement;
        this.texts = texts;
        this.broken = judgement.violations().stream()
                .flatMap(violation -> violation.submissions().stream())
                .map(Submission::callId)
                .collect(Collectors.toSet());
    }

    /**
     * @param servers  names of those that have a lane even if none of them responds
     * @param subtitle how to run it again
     */
    public static String of(
            History history,
            List<FaultSpan> faults,
            Judgement judgement,
            List<String> servers,
            String subtitle,
            Texts texts) {
        return ReportPage.of(new ProofPage(history, faults, judgement, texts).report(servers, subtitle));
    }

    private Report report(List<String> servers, String subtitle) {
        List<Report.Chapter> chapters = new ArrayList<>();
        chapters.add(new Report.Chapter(
                texts.of("page.calls"),
                texts.of("page.calls.text"),
                Report.Verdict.NONE,
                List.of(timeline(servers)),
                List.of(),
                List.of()));
        judgement.violations().stream().limit(MOST_CHAPTERS).forEach(each -> chapters.add(chapter(each)));
        return new Report(
                texts.language(),
                texts.of("page.title", history.method()),
                subtitle,
                List.of(new Report.Verdict(judgement.proved(), ProofText.sentence(judgement, faults.size(), texts))),
                new Report.Table(
                        List.of(texts.of("page.what"), texts.of("page.number")),
                        FigureRows.of(judgement.figures(), texts),
                        false),
                chapters);
    }

    private Report.Chapter chapter(Violation violation) {
        return new Report.Chapter(
                violation.submissions().isEmpty()
                        ? violation.executions().getFirst().callId()
                        : violation.submissions().getFirst().callId(),
                "",
                new Report.Verdict(false, ViolationText.title(violation, texts)),
                List.of(),
                List.of(),
                ViolationText.lines(violation, texts));
    }

    private Timeline timeline(List<String> servers) {
        List<Submission> calls = history.submissions();
        long begin = calls.stream().mapToLong(Submission::beginMicros).min().orElse(0);
        long end = calls.stream().mapToLong(Submission::endMicros).max().orElse(0);
        return new Timeline(
                "",
                Report.Verdict.NONE,
                begin,
                end,
                calls.stream().map(this::dot).toList(),
                faults.stream()
                        .map(fault -> new Band(
                                fault.part(), fault.how(), fault.fromMicros(), Math.min(fault.toMicros(), end)))
                        .toList(),
                servers,
                Timeline.Unkept.NONE);
    }

    private Dot dot(Submission call) {
        Mark mark = mark(call);
        return new Dot(
                call.beginMicros(),
                call.endMicros() - call.beginMicros(),
                call.instance(),
                call.gateway(),
                mark,
                mark == Mark.ORDINARY ? "" : call.protocol() + " " + call.callId() + ", " + call.status());
    }

    private Mark mark(Submission call) {
        if (broken.contains(call.callId())) {
            return Mark.LOST;
        }
        return switch (call.told()) {
            case NOT_EXECUTED -> Mark.REFUSED;
            case UNKNOWN, UNFOUNDED -> Mark.IN_DOUBT;
            case OK -> answered(call);
        };
    }

    private static Mark answered(Submission call) {
        if (call.attempts() > 1) {
            return Mark.MOVED;
        }
        return call.endMicros() - call.beginMicros() > LATE_MICROS ? Mark.SLOW : Mark.ORDINARY;
    }
}
