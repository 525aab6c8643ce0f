package io.middleware.load.report;

import static io.middleware.load.report.Html.number;

import io.middleware.load.report.Lanes.Kind;
import io.middleware.load.report.Lanes.Lane;
import java.util.Map;
import java.util.stream.Stream;

/** Draws a timeline: lanes with their names, faults as bands, calls as dots. */
final class TimelineSvg {

    /** Number of dots in a lane with a text of their own; more would make the file large, and a pointer could not hit them. */
    private static final int MOST_SINGLE = 50;

    private static final long SECOND = 1_000_000;
    private static final long LATE = 100_000;
    private static final double AXIS = 22;

    private final Timeline timeline;
    private final Lanes lanes;
    private final Thinned thinned;
    private final Map<String, String> styles;
    private final TextBundle texts;
    private final StringBuilder svg = new StringBuilder();

    /** @param styles the class of each instance's colour */
    TimelineSvg(Timeline timeline, Thinned thinned, Map<String, String> styles, TextBundle texts) {
        this.timeline = timeline;
        this.lanes = new Lanes(timeline);
        this.thinned = thinned;
        this.styles = styles;
        this.texts = texts;
    }

    String draw() {
        long failed =
                timeline.dots().stream().filter(dot -> !dot.mark().responded()).count();
        svg.append("<svg role=\"img\" viewBox=\"0 0 ")
                .append(number(Lanes.WIDTH))
                .append(' ')
                .append(number(lanes.bottom() + AXIS))
                .append("\" aria-label=\"")
                .append(Html.escape(timeline.caption() + ". "
                        + texts.of("timeline.label", timeline.dots().size(), failed)))
                .append("\">\n");
        lanes.all().forEach(this::background);
        timeline.bands().forEach(this::band);
        lanes.all().forEach(this::name);
        axis();
        dots();
        timeline.bands().forEach(this::label);
        return svg.append("</svg>\n").toString();
    }

    private void background(Lane lane) {
        svg.append("<rect class=\"lane ")
                .append(lane.kind() == Kind.NO_RESPONSE ? "no-response" : "responded")
                .append('"');
        box(Lanes.LEFT, lane.top() + 1, lanes.right() - Lanes.LEFT, lane.kind().height - 2);
        if (lane.kind() == Kind.INSTANCE) {
            String y = number(lane.y(LATE));
            svg.append("<path class=\"late\" d=\"M")
                    .append(number(Lanes.LEFT))
                    .append(' ')
                    .append(y);
            svg.append("H").append(number(lanes.right())).append("\"/>\n");
            text("unit", lanes.right() + 4, lane.y(LATE) + 3, "100 ms");
        }
    }

    private void band(Band band) {
        double x = lanes.x(band.fromMicros());
        double width = Math.max(2, lanes.x(band.toMicros()) - x);
        svg.append("<rect class=\"meanwhile\"");
        box(x, lanes.top(), width, lanes.bottom() - lanes.top());
        broken(band).forEach(lane -> {
            svg.append("<rect class=\"fault\"");
            box(x, lane.top() + 1, width, lane.kind().height - 2);
        });
    }

    /** Writes above the dots how a part was broken. */
    private void label(Band band) {
        broken(band).forEach(lane -> text("cause", lanes.x(band.fromMicros()) + 5, lane.top() + 14, band.label()));
    }

    private Stream<Lane> broken(Band band) {
        return lanes.all().stream()
                .filter(lane -> lane.kind() != Kind.NO_RESPONSE && lane.name().equals(band.part()));
    }

    private void name(Lane lane) {
        long calls = timeline.dots().stream().filter(lane::shows).count();
        double middle = (lane.top() + lane.bottom()) / 2;
        String name = lane.kind() == Kind.NO_RESPONSE
                ? texts.of("lane.no-response")
                : lane.name().isEmpty() ? texts.of("lane.unknown") : lane.name();
        String style = lane.kind() == Kind.INSTANCE ? " " + styles.getOrDefault(lane.name(), "") : "";
        text("name" + style + (lane.kind() == Kind.NO_RESPONSE && calls > 0 ? " bad" : ""), 8, middle - 1, name);
        if ((lane.kind() != Kind.PART || calls > 0) && timeline.unkept().equals(Timeline.Unkept.NONE)) {
            text("count", 8, middle + 13, texts.of("lane.calls", calls));
        }
    }

    private void axis() {
        long length = timeline.toMicros() - timeline.fromMicros();
        long step = SECOND;
        for (int factor = 0; length / step > 12; factor++) {
            step = step * (factor % 3 == 1 ? 5 : 4) / 2; // 1, 2, 5, 10, 20, 50 ... seconds
        }
        for (long at = 0; at <= length; at += step) {
            double x = lanes.x(timeline.fromMicros() + at);
            svg.append("<path class=\"tick\" d=\"M")
                    .append(number(x))
                    .append(' ')
                    .append(number(lanes.top()));
            svg.append("V").append(number(lanes.bottom() + 4)).append("\"/>\n");
            text("time", x, lanes.bottom() + 17, at / SECOND + " s");
        }
    }

    private void dots() {
        Shapes ordinary = new Shapes();
        Shapes unusual = new Shapes();
        StringBuilder singles = new StringBuilder();
        for (Lane lane : lanes.all()) {
            thinned.ordinary().stream().filter(lane::shows).forEach(dot -> draw(dot, lane, ordinary));
            long single = lane.kind() == Kind.PART ? 0 : MOST_SINGLE;
            thinned.unusual().stream().filter(lane::shows).skip(single).forEach(dot -> draw(dot, lane, unusual));
            thinned.unusual().stream()
                    .filter(lane::shows)
                    .limit(single)
                    .forEach(
                            dot -> singles.append(Shapes.single(dot, style(dot), x(dot), lane.y(dot.latencyMicros()))));
        }
        svg.append(ordinary).append(unusual).append(singles);
    }

    private void draw(Dot dot, Lane lane, Shapes shapes) {
        shapes.add(dot.mark(), style(dot), x(dot), lane.y(dot.latencyMicros()));
    }

    private double x(Dot dot) {
        return lanes.x(dot.dueMicros());
    }

    private String style(Dot dot) {
        return styles.getOrDefault(dot.instance(), "");
    }

    private void box(double x, double y, double width, double height) {
        svg.append(" x=\"").append(number(x)).append("\" y=\"").append(number(y));
        svg.append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\"/>\n");
    }

    private void text(String style, double x, double y, String text) {
        svg.append("<text class=\"").append(style.strip()).append("\" x=\"").append(number(x));
        svg.append("\" y=\"")
                .append(number(y))
                .append("\">")
                .append(Html.escape(text))
                .append("</text>\n");
    }
}
