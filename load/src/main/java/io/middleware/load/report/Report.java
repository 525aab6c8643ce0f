package io.middleware.load.report;

import java.util.List;

/**
 * What a report says. {@link ReportPage} writes it.
 *
 * @param language {@code en} or {@code pt}
 * @param subtitle one line below the title
 * @param verdicts the results of the whole
 */
public record Report(
        String language, String title, String subtitle, List<Verdict> verdicts, Table table, List<Chapter> chapters) {

    /**
     * A result in words.
     *
     * @param good whether it is what was hoped for
     */
    public record Verdict(boolean good, String text) {

        public static final Verdict NONE = new Verdict(true, "");
    }

    /**
     * @param linked whether each row is about the chapter of the same number, and leads there
     */
    public record Table(List<String> head, List<List<String>> rows, boolean linked) {}

    /**
     * One act, row or run.
     *
     * @param text  what happened, and what it shows
     * @param notes lines below the timelines, such as reasons of lost calls
     */
    public record Chapter(
            String title, String text, Verdict verdict, List<Timeline> timelines, List<Bar> bars, List<String> notes) {}

    /** A bar of a histogram. */
    public record Bar(String label, long count) {}
}
