package io.middleware.load.report;

import static io.middleware.load.report.Html.number;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws dots. Each mark has a shape of its own, so that colour is never the only difference. Dots of one shape and
 * colour are one path, which takes a tenth of the bytes; what falls on the same point is drawn once.
 */
final class Shapes {

    private final Map<String, Set<String>> paths = new LinkedHashMap<>();

    static final Map<Mark, String> OUTLINES = new EnumMap<>(Map.of(
            Mark.ORDINARY, "h0",
            Mark.SLOW, "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
            Mark.MOVED, "m0-5l5 8h-10z",
            Mark.FALLBACK, "m0-4l4 4l-4 4l-4-4z",
            Mark.REFUSED, "m-3.5-3.5h7v7h-7z",
            Mark.IN_DOUBT, "m0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5zm0 5.5h0",
            Mark.LOST, "m-4.5-4.5l9 9m0-9l-9 9"));

    /** @param style class of the colour */
    void add(Mark mark, String style, double x, double y) {
        // unusual shapes are larger and longer: in whole steps, a row of thousands of slow calls stays small
        String path = mark.ordinary() ? path(mark, x, y) : path(mark, Math.rint(x), Math.rint(y));
        paths.computeIfAbsent(classes(mark, style), classes -> new TreeSet<>()).add(path);
    }

    /** Returns one dot with a text that appears when a pointer is on it. */
    static String single(Dot dot, String style, double x, double y) {
        return "<path class=\"" + classes(dot.mark(), style) + "\" d=\"" + path(dot.mark(), x, y) + "\">"
                + Html.element("title", dot.details()) + "</path>\n";
    }

    private static String classes(Mark mark, String style) {
        return mark.key() + (mark.responded() ? " " + style : "");
    }

    private static String path(Mark mark, double x, double y) {
        return "M" + number(x) + " " + number(y) + OUTLINES.get(mark);
    }

    @Override
    public String toString() {
        StringBuilder svg = new StringBuilder();
        paths.forEach((classes, each) -> svg.append("<path class=\"")
                .append(classes)
                .append("\" d=\"")
                .append(String.join("", each))
                .append("\"/>\n"));
        return svg.toString();
    }
}
