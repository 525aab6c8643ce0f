package io.middleware.load;

import io.middleware.load.report.Report;
import io.middleware.load.report.ReportPage;
import io.middleware.load.report.Timeline;
import java.time.Duration;
import java.util.List;

/** The report of a run as a page. */
final class LoadReport {

    private final SummaryTexts texts;
    private final String language;

    LoadReport(String language) {
        this.language = language;
        this.texts = new SummaryTexts(language);
    }

    /** @param beginMicros when the run began, in microseconds since 1970 */
    String of(Summary summary, KeptDots dots, long beginMicros, Duration duration, String subtitle) {
        List<List<String>> table = summary.table();
        Timeline timeline = new Timeline(
                texts.of("timeline"),
                Report.Verdict.NONE,
                beginMicros,
                beginMicros + duration.toNanos() / 1_000,
                dots.all(),
                List.of(),
                List.of(),
                dots.unkept());
        Report.Verdict verdict = summary.lost() == 0
                ? new Report.Verdict(true, texts.of("good", summary.calls()))
                : new Report.Verdict(false, texts.of("bad", summary.calls(), summary.lost()));
        Report.Chapter run = new Report.Chapter(
                texts.of("run"),
                "",
                Report.Verdict.NONE,
                List.of(timeline),
                LatencyBars.of(summary.all()),
                summary.notes(texts));
        List<String> head = List.of(texts.of("head").split(","));
        return ReportPage.of(new Report(
                language,
                texts.of("title"),
                subtitle,
                List.of(verdict),
                new Report.Table(head, table.subList(1, table.size()), false),
                List.of(run)));
    }
}
