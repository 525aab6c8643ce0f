package io.middleware.load.report;

import static io.middleware.load.report.Html.element;
import static io.middleware.load.report.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes a report as one HTML file, which loads nothing and runs no script. */
public final class ReportPage {

    /** Of all timelines together, at some ten bytes each. */
    private static final int MOST_ORDINARY = 50_000;

    private static final int MOST_ORDINARY_OF_ONE = 4_000;
    /** Begins what is wider than a phone: it scrolls, by the keyboard too. */
    private static final String SCROLLS = "<div class=\"wide\" tabindex=\"0\">";

    private static final int MOST_LISTED = 25;
    private static final int COLOURS = 8;

    private final Report report;
    private final TextBundle texts;
    private final Map<String, String> styles = new LinkedHashMap<>();
    private final int most;
    private final StringBuilder page = new StringBuilder();

    private ReportPage(Report report) {
        this.report = report;
        this.texts = new TextBundle("io.middleware.load.report.texts", report.language());
        List<Timeline> timelines = timelines();
        // an instance has the same colour in all timelines
        timelines.forEach(timeline -> Lanes.instances(timeline)
                .forEach(name -> styles.putIfAbsent(name, "colour-" + styles.size() % COLOURS)));
        most = Math.min(MOST_ORDINARY_OF_ONE, MOST_ORDINARY / Math.max(1, timelines.size()));
    }

    /** Returns the file's text. */
    public static String of(Report report) {
        return new ReportPage(report).write();
    }

    private List<Timeline> timelines() {
        return report.chapters().stream()
                .flatMap(chapter -> chapter.timelines().stream())
                .toList();
    }

    private String write() {
        page.append("<!doctype html>\n<html lang=\"")
                .append(escape(report.language()))
                .append("\">\n<head>\n");
        page.append("<meta charset=\"utf-8\">\n");
        page.append("<meta http-equiv=\"Content-Security-Policy\" ");
        page.append("content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        line(element("title", report.title()));
        line("<style>\n" + styleSheet() + "</style>\n</head>\n<body>\n<header>");
        line(element("h1", report.title()));
        line(element("p", report.subtitle()));
        report.verdicts().forEach(this::verdict);
        line("</header>\n<main>");
        table(report.table());
        if (!timelines().isEmpty()) {
            page.append(Legend.of(timelines(), texts));
        }
        for (int number = 0; number < report.chapters().size(); number++) {
            chapter(number, report.chapters().get(number));
        }
        line("</main>\n</body>\n</html>");
        return page.toString();
    }

    private void table(Report.Table table) {
        line(SCROLLS + "<table>\n<thead><tr>");
        table.head().forEach(cell -> line(element("th scope=\"col\"", cell)));
        line("</tr></thead>\n<tbody>");
        for (int number = 0; number < table.rows().size(); number++) {
            List<String> row = table.rows().get(number);
            line("<tr>");
            line("<th scope=\"row\">"
                    + (table.linked()
                            ? element("a href=\"#chapter-" + number + "\"", row.getFirst())
                            : escape(row.getFirst()))
                    + "</th>");
            row.stream().skip(1).forEach(cell -> line(element("td", cell)));
            line("</tr>");
        }
        line("</tbody>\n</table></div>");
    }

    private void chapter(int number, Report.Chapter chapter) {
        line("<section id=\"chapter-" + number + "\">");
        line(element("h2", chapter.title()));
        if (!chapter.text().isEmpty()) {
            line(element("p", chapter.text()));
        }
        verdict(chapter.verdict());
        chapter.timelines().forEach(this::timeline);
        page.append(Bars.of(chapter.bars(), texts));
        chapter.notes().forEach(note -> line(element("p class=\"note\"", note)));
        line("</section>");
    }

    private void verdict(Report.Verdict verdict) {
        if (!verdict.text().isEmpty()) {
            line(element(
                    "p class=\"verdict " + (verdict.good() ? "good" : "bad") + "\"",
                    (verdict.good() ? "✔ " : "✘ ") + verdict.text()));
        }
    }

    private void timeline(Timeline timeline) {
        Thinned thinned = Thinned.of(timeline.dots(), most);
        line("<figure>");
        line("<figcaption>" + element("p", timeline.caption()));
        verdict(timeline.verdict());
        line("</figcaption>");
        line(SCROLLS);
        page.append(new TimelineSvg(timeline, thinned, styles, texts).draw());
        line("</div>");
        line("</figure>");
        long ordinary = thinned.of() + timeline.unkept().ordinary();
        if (thinned.ordinary().size() < ordinary) {
            line(element(
                    "p class=\"note\"",
                    texts.of(
                            "thinned",
                            thinned.ordinary().size(),
                            ordinary,
                            thinned.unusual().size())));
        }
        if (timeline.unkept().unusual() > 0) {
            line(element(
                    "p class=\"note\"", texts.of("unkept", timeline.unkept().unusual())));
        }
        list(timeline, thinned.unusual());
    }

    /** Lists the unusual calls with their ids, the worst first. */
    private void list(Timeline timeline, List<Dot> unusual) {
        if (unusual.isEmpty()) {
            return;
        }
        List<Dot> listed = unusual.stream().limit(MOST_LISTED).toList();
        line("<details>");
        line(element("summary", texts.of("unusual", listed.size(), unusual.size())));
        line("<ul>");
        listed.forEach(dot -> line(element(
                "li",
                texts.of(
                                "unusual.call",
                                (dot.dueMicros() - timeline.fromMicros()) / 1e6,
                                texts.of("mark." + dot.mark().key()))
                        + ": " + dot.details())));
        line("</ul>\n</details>");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private static String styleSheet() {
        try (InputStream file = Objects.requireNonNull(ReportPage.class.getResourceAsStream("report.css"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the style sheet could not be read", e);
        }
    }
}
