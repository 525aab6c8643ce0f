package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import io.middleware.load.report.Report;
import io.middleware.load.report.ReportPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The report as a page with a timeline for each row. */
record MatrixPage(MatrixReport report, Texts texts, List<String> servers) {

    private static final int MOST_REASONS = 5;
    private static final List<String> COLUMNS =
            List.of("fault", "calls", "lost", "above", "p999", "avoided", "again", "twice", "missed");

    MatrixPage(MatrixReport report, Texts texts, Parts parts) {
        this(report, texts, parts.servers().stream().map(Part::name).toList());
    }

    String text() {
        List<Row> rows = Stream.concat(Stream.of(report.normal()), report.rows().stream())
                .toList();
        boolean good = new Verdict(report).good();
        return ReportPage.of(new Report(
                texts.language(),
                texts.of("page.title"),
                texts.of("page.subtitle"),
                List.of(new Report.Verdict(good, texts.of(good ? "page.good" : "page.bad"))),
                new Report.Table(
                        COLUMNS.stream()
                                .map(column -> texts.of("table." + column))
                                .toList(),
                        rows.stream().map(this::cells).toList(),
                        true),
                rows.stream().map(this::chapter).toList()));
    }

    private List<String> cells(Row row) {
        return switch (row) {
            case Result result ->
                List.of(
                        texts.title(result.fault()),
                        Integer.toString(result.calls().count()),
                        Integer.toString(result.lost()),
                        millis(result.aboveNormal(report.normal())),
                        millis(result.calls().percentile(99.9)),
                        time(result.avoided()),
                        time(result.usedAgain()),
                        Integer.toString(
                                result.signatures().ranTwice() + result.keyed().ranTwice()),
                        missed(result));
            case NotRun notRun -> {
                List<String> cells = new ArrayList<>(Collections.nCopies(COLUMNS.size(), ""));
                cells.set(0, texts.title(notRun.fault()));
                cells.set(COLUMNS.size() - 1, text(notRun));
                yield cells;
            }
        };
    }

    private Report.Chapter chapter(Row row) {
        return switch (row) {
            case Result result ->
                new Report.Chapter(
                        texts.title(result.fault()),
                        missed(result).isEmpty() ? "" : texts.of("page.missed", missed(result)),
                        new Report.Verdict(!result.broken(), figures(result)),
                        List.of(result.recording()
                                .timeline(texts.of("page.timeline"), Report.Verdict.NONE, servers, result::mark)),
                        List.of(),
                        result.recording().window().lostBecause(MOST_REASONS));
            case NotRun notRun ->
                new Report.Chapter(
                        texts.title(notRun.fault()),
                        "",
                        new Report.Verdict(!notRun.possible(), text(notRun)),
                        List.of(),
                        List.of(),
                        List.of());
        };
    }

    private String figures(Result result) {
        return texts.of(
                "page.row",
                result.calls().count(),
                result.lost(),
                Math.round(result.calls().slowest() / 1e3),
                Math.round(result.calls().percentile(99.9) / 1e3),
                result.signatures().calls(),
                result.signatures().lost(),
                result.signatures().ranTwice(),
                result.keyed().calls(),
                result.keyed().lost(),
                result.keyed().ranTwice());
    }

    private String missed(Result result) {
        return String.join("; ", result.shortOf(report.normal(), texts));
    }

    private String text(NotRun notRun) {
        return texts.of(notRun.possible() ? "page.not-run" : "page.not-possible", notRun.reason());
    }

    private static String time(OptionalLong micros) {
        return micros.isPresent() ? millis(micros.getAsLong()) : "";
    }

    private static String millis(long micros) {
        return Math.round(micros / 1e3) + " ms";
    }
}
