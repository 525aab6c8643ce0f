package io.middleware.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportPageTest {

    private static final String EVIL = "<script>alert(\"1\")</script> & 'x' \u0007\ud800 é";
    private static final Report.Verdict GOOD = new Report.Verdict(true, "0 lost");

    @ParameterizedTest
    @ValueSource(strings = {"en", "pt"})
    void textOfOthers_isNeverMarkup(String language) throws Exception {
        Dot lost = new Dot(10, 20, "", EVIL, Mark.LOST, EVIL);
        Dot moved = new Dot(30, 40, EVIL, EVIL, Mark.MOVED, EVIL);
        Timeline timeline = new Timeline(
                EVIL,
                GOOD,
                0,
                1_000_000,
                List.of(lost, moved),
                List.of(new Band(EVIL, EVIL, 1, 2)),
                List.of(EVIL),
                Timeline.Unkept.NONE);
        Report.Chapter chapter = new Report.Chapter(
                EVIL,
                EVIL,
                new Report.Verdict(false, EVIL),
                List.of(timeline),
                List.of(new Report.Bar(EVIL, 1)),
                List.of(EVIL));
        String page = ReportPage.of(new Report(
                language,
                EVIL,
                EVIL,
                List.of(GOOD),
                new Report.Table(List.of(EVIL), List.of(List.of(EVIL, EVIL)), true),
                List.of(chapter)));

        assertThat(page).doesNotContain("<script", "\u0007", "\ud800").contains("&lt;script&gt;", "é");
        Document document = parse(page);
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo(language);
        assertThat(document.getElementsByTagName("h1").item(0).getTextContent())
                .isEqualTo("<script>alert(\"1\")</script> & 'x'    é");
    }

    @Test
    void page_loadsNothing() {
        String page = page(List.of(ordinary(1), unusual(2, Mark.LOST)));

        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain("http://", "https://", "url(", "@import", " src=", "<link", "<script");
    }

    @Test
    void ordinaryDotsAreThinned_unusualOnesNever_andThePageSaysSo() {
        List<Dot> dots = new ArrayList<>();
        for (int call = 0; call < 20_000; call++) {
            dots.add(ordinary(call * 50L));
            if (call % 40 == 0) {
                dots.add(unusual(call * 50L, Mark.LOST));
            }
        }

        String page = page(dots);

        assertThat(page).contains("Drawn: 4,000 of 20,000 ordinary calls, and all 500 others.");
        assertThat(count(page, Shapes.OUTLINES.get(Mark.LOST)))
                .as("each, and the legend's")
                .isEqualTo(500 + 1);
        assertThat(page).contains("25 of 500");
    }

    @Test
    void manyTimelines_stayBelowThreeMegabytes() {
        List<Report.Chapter> chapters = new ArrayList<>();
        for (int row = 0; row < 30; row++) {
            List<Dot> dots = new ArrayList<>();
            for (int call = 0; call < 6_600; call++) {
                long due = call * 150L;
                dots.add(call % 10 == 0 ? unusual(due, Mark.MOVED) : ordinary(due));
            }
            chapters.add(chapter(dots));
        }

        assertThat(ReportPage.of(report(chapters))).hasSizeLessThan(3_000_000);
    }

    @Test
    void lostCalls_haveALaneOfTheirOwn_andAFormOfTheirOwn() throws Exception {
        Document document = parse(page(List.of(ordinary(1), unusual(2, Mark.LOST))));

        assertThat(document.getElementsByTagName("figure").item(0).getTextContent())
                .contains("hello-service-1", "no response", "GRPC details");
        assertThat(Shapes.OUTLINES.keySet()).containsExactlyInAnyOrder(Mark.values());
        assertThat(Shapes.OUTLINES.values()).doesNotHaveDuplicates();
    }

    @Test
    void legend_explainsFaultsOnlyWhereThereAreSome() {
        Timeline quiet = new Timeline(
                "calls", GOOD, 0, 1_000_000, List.of(ordinary(1)), List.of(), List.of(), Timeline.Unkept.NONE);
        Report.Chapter chapter = new Report.Chapter("act", "text", GOOD, List.of(quiet), List.of(), List.of());

        assertThat(ReportPage.of(report(List.of(chapter)))).doesNotContain("a part is broken");
        assertThat(page(List.of(ordinary(1)))).contains("a part is broken");
    }

    @Test
    void languages_haveTheSameTexts() {
        List<String> english = keys("texts");
        assertThat(keys("texts_pt")).containsExactlyInAnyOrderElementsOf(english);
        assertThat(english)
                .containsAll(List.of(Mark.values()).stream()
                        .map(mark -> "mark." + mark.key())
                        .toList());
    }

    private static Dot ordinary(long due) {
        return new Dot(due, 1_000 + due, "hello-service-1", "gateway-1", Mark.ORDINARY, "");
    }

    private static Dot unusual(long due, Mark mark) {
        return new Dot(due, 1_000 + due, "hello-service-1", "gateway-1", mark, "GRPC details");
    }

    private static String page(List<Dot> dots) {
        return ReportPage.of(report(List.of(chapter(dots))));
    }

    private static Report.Chapter chapter(List<Dot> dots) {
        List<Band> bands = List.of(new Band("gateway-1", "kill", 100_000, 200_000));
        return new Report.Chapter(
                "act",
                "text",
                GOOD,
                List.of(new Timeline("calls", GOOD, 0, 1_000_000, dots, bands, List.of(), Timeline.Unkept.NONE)),
                List.of(),
                List.of());
    }

    private static Report report(List<Report.Chapter> chapters) {
        return new Report(
                "en", "title", "subtitle", List.of(GOOD), new Report.Table(List.of("a"), List.of(), true), chapters);
    }

    private static int count(String page, String what) {
        return (int)
                Pattern.compile(Pattern.quote(what)).matcher(page).results().count();
    }

    /** Parses it as XML, which is stricter than HTML: all elements are closed, all attributes quoted. */
    private static Document parse(String page) throws Exception {
        String xml = page.replace("<!doctype html>", "")
                .replaceAll("(<meta[^>]*)>", "$1/>")
                .replaceAll("(?s)<style>.*?</style>", "<style/>");
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> keys(String bundle) {
        return List.copyOf(ResourceBundle.getBundle("io.middleware.load.report." + bundle, java.util.Locale.ROOT)
                .keySet());
    }
}
