package io.middleware.load.report;

import static io.middleware.load.report.Html.element;
import static io.middleware.load.report.Html.escape;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Explains the shapes that occur in a report, and that of a lost call in any case: its absence is the good news. */
final class Legend {

    private Legend() {}

    static String of(List<Timeline> timelines, TextBundle texts) {
        Set<Mark> marks = EnumSet.of(Mark.ORDINARY, Mark.LOST);
        timelines.forEach(timeline -> timeline.dots().forEach(dot -> marks.add(dot.mark())));
        StringBuilder html = new StringBuilder("<section class=\"legend\">\n");
        html.append(element("h2", texts.of("legend.title"))).append('\n');
        html.append(element("p", texts.of("legend.says"))).append("\n<ul>\n");
        for (Mark mark : marks) {
            String shape = "<path class=\"" + mark.key() + " colour-0\" d=\"M10 8" + Shapes.OUTLINES.get(mark) + "\"/>";
            html.append(item(shape, texts.of("mark." + mark.key())));
        }
        if (timelines.stream().anyMatch(timeline -> !timeline.bands().isEmpty())) {
            String fault = "<rect class=\"fault\" x=\"1\" y=\"2\" width=\"18\" height=\"12\"/>";
            html.append(item(fault, texts.of("mark.fault")));
        }
        return html.append("</ul>\n</section>\n").toString();
    }

    private static String item(String shape, String text) {
        return "<li><svg viewBox=\"0 0 20 16\" aria-hidden=\"true\">" + shape + "</svg>" + escape(text) + "</li>\n";
    }
}
