package io.middleware.chaos.demo;

import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import io.middleware.load.report.Mark;
import io.middleware.load.report.Report;
import io.middleware.load.report.ReportPage;
import io.middleware.load.report.Timeline;
import java.util.ArrayList;
import java.util.List;

/** The acts as a page: what was broken, and what became of each call. */
final class DemoReport {

    private static final int MOST_REASONS = 3;

    private final Texts texts;
    private final List<String> servers;

    DemoReport(Texts texts, Parts parts) {
        this.texts = texts;
        this.servers = parts.servers().stream().map(Part::name).toList();
    }

    String of(List<Verdict> verdicts) {
        List<List<String>> table = new VerdictTable(texts).rows(verdicts);
        return ReportPage.of(new Report(
                texts.language(),
                texts.of("report.title"),
                texts.of("report.subtitle"),
                new Report.Verdict(verdicts.stream().allMatch(verdict -> verdict.lost() == 0), texts.end(verdicts)),
                new Report.Table(table.getFirst(), table.subList(1, table.size()), true),
                verdicts.stream().map(this::chapter).toList()));
    }

    private Report.Chapter chapter(Verdict verdict) {
        List<Timeline> timelines = new ArrayList<>();
        List<String> notes = new ArrayList<>(verdict.window().lostBecause(MOST_REASONS));
        timelines.add(timeline(verdict, texts.of("report.timeline")));
        verdict.without().ifPresent(without -> {
            timelines.add(timeline(without, texts.of("report.without", texts.verdict(without))));
            notes.addAll(without.window().lostBecause(MOST_REASONS));
        });
        return new Report.Chapter(
                texts.title(verdict.act()),
                texts.explanation(verdict.act()),
                new Report.Verdict(verdict.lost() == 0, texts.verdict(verdict)),
                timelines,
                List.of(),
                notes);
    }

    private Timeline timeline(Verdict verdict, String caption) {
        return verdict.recording().timeline(caption, servers, failed -> Mark.LOST);
    }
}
