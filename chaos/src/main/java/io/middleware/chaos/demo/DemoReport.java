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
        List<Report.Verdict> results = new ArrayList<>();
        results.add(
                new Report.Verdict(verdicts.stream().allMatch(verdict -> verdict.lost() == 0), texts.end(verdicts)));
        List<Verdict> without = Verdict.without(verdicts);
        if (!without.isEmpty()) {
            boolean good = without.stream().allMatch(verdict -> verdict.lost() == 0);
            results.add(new Report.Verdict(good, texts.of("without", texts.end(without))));
        }
        List<Report.Chapter> chapters = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            chapters.add(chapter(
                    verdict, texts.of("act", chapters.size() + 1, verdicts.size(), texts.title(verdict.act()))));
        }
        List<List<String>> table = new VerdictTable(texts).rows(verdicts);
        return ReportPage.of(new Report(
                texts.language(),
                texts.of("report.title"),
                texts.of("report.subtitle"),
                results,
                new Report.Table(table.getFirst(), table.subList(1, table.size()), true),
                chapters));
    }

    private Report.Chapter chapter(Verdict verdict, String title) {
        List<Timeline> timelines = new ArrayList<>();
        List<String> notes = new ArrayList<>(verdict.window().lostBecause(MOST_REASONS));
        boolean contrast = verdict.without().isPresent();
        timelines.add(timeline(verdict, texts.of("report.timeline"), contrast ? result(verdict) : Report.Verdict.NONE));
        verdict.without().ifPresent(without -> {
            timelines.add(timeline(without, texts.of("report.without"), result(without)));
            notes.addAll(without.window().lostBecause(MOST_REASONS));
        });
        return new Report.Chapter(
                title,
                texts.explanation(verdict.act()),
                contrast ? Report.Verdict.NONE : result(verdict),
                timelines,
                List.of(),
                notes);
    }

    private Report.Verdict result(Verdict verdict) {
        return new Report.Verdict(verdict.lost() == 0, texts.verdict(verdict));
    }

    private Timeline timeline(Verdict verdict, String caption, Report.Verdict result) {
        return verdict.recording().timeline(caption, result, servers, failed -> Mark.LOST);
    }
}
