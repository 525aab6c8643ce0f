package io.middleware.load.report;

import static io.middleware.load.report.Html.element;
import static io.middleware.load.report.Html.escape;

import java.util.List;

/** Draws a histogram. */
final class Bars {

    /** Of the width of its cell; the rest is for the number. */
    private static final double LONGEST_PERCENT = 60;

    private Bars() {}

    /** Returns nothing for no bars. */
    static String of(List<Report.Bar> bars, TextBundle texts) {
        if (bars.isEmpty()) {
            return "";
        }
        long longest =
                Math.max(1, bars.stream().mapToLong(Report.Bar::count).max().orElse(1));
        StringBuilder html = new StringBuilder("<table class=\"bars\">\n");
        html.append(element("caption", texts.of("histogram"))).append('\n');
        for (Report.Bar bar : bars) {
            html.append("<tr>").append(element("th scope=\"row\"", bar.label()));
            html.append("<td><span class=\"bar\" style=\"width:")
                    .append(Html.number(LONGEST_PERCENT * bar.count() / longest))
                    .append("%\"></span>")
                    .append(escape(texts.of("bar", bar.count())))
                    .append("</td></tr>\n");
        }
        return html.append("</table>\n").toString();
    }
}
