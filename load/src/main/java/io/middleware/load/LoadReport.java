package io.middleware.load;

import io.middleware.load.report.Report;
import io.middleware.load.report.ReportPage;
import io.middleware.load.report.Timeline;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** The report of a run as a page. */
final class LoadReport {

    private final ResourceBundle bundle;
    private final String language;

    LoadReport(String language) {
        this.language = language;
        this.bundle = ResourceBundle.getBundle(
                "io.middleware.load.texts",
                Locale.of(language),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** @param beginMicros when the run began, in microseconds since 1970 */
    String of(Summary summary, KeptDots dots, long beginMicros, Duration duration, String subtitle) {
        List<List<String>> table = summary.table();
        Timeline timeline = new Timeline(
                text("timeline"),
                Report.Verdict.NONE,
                beginMicros,
                beginMicros + duration.toNanos() / 1_000,
                dots.all(),
                List.of(),
                List.of(),
                dots.unkept());
        Report.Verdict verdict = summary.lost() == 0
                ? new Report.Verdict(true, text("good", summary.calls()))
                : new Report.Verdict(false, text("bad", summary.calls(), summary.lost()));
        Report.Chapter run = new Report.Chapter(
                text("run"),
                "",
                Report.Verdict.NONE,
                List.of(timeline),
                LatencyBars.of(summary.all()),
                summary.notes());
        List<String> head = List.of(text("head").split(","));
        return ReportPage.of(new Report(
                language,
                text("title"),
                subtitle,
                List.of(verdict),
                new Report.Table(head, table.subList(1, table.size()), false),
                List.of(run)));
    }

    private String text(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), Locale.of(language)).format(values);
    }
}
