package io.middleware.load.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where things are in a timeline: a lane for each instance, one for the calls without a response, and one for each
 * other part that was broken. Time goes to the right; in a lane, slower calls are higher.
 */
final class Lanes {

    static final double LEFT = 150;
    static final double WIDTH = 1000;
    private static final double RIGHT = WIDTH - 45;
    private static final double TOP = 6;
    private static final double INSET = 6;
    private static final double FASTEST_MICROS = 500;
    /** From half a millisecond to fifteen seconds, a usual deadline. */
    private static final double DECADES = 4.5;

    enum Kind {
        INSTANCE(50),
        NO_RESPONSE(46),
        PART(34);

        final double height;

        Kind(double height) {
            this.height = height;
        }
    }

    /** @param name of the instance or part; empty for the calls without a response */
    record Lane(Kind kind, String name, double top) {

        double bottom() {
            return top + kind.height;
        }

        /** Returns the height of a latency: its logarithm, as both 2 ms and 2 s must be told apart from their likes. */
        double y(long latencyMicros) {
            double share = Math.log10(Math.max((double) latencyMicros, FASTEST_MICROS) / FASTEST_MICROS) / DECADES;
            return bottom() - INSET - Math.min(1, share) * (kind.height - 2 * INSET);
        }

        boolean shows(Dot dot) {
            return switch (kind) {
                case INSTANCE -> dot.mark().responded() && dot.instance().equals(name);
                case NO_RESPONSE -> !dot.mark().responded();
                case PART -> dot.mark().responded() && dot.gateway().equals(name);
            };
        }
    }

    private final Timeline timeline;
    private final List<Lane> lanes = new ArrayList<>();
    private double bottom = TOP;

    Lanes(Timeline timeline) {
        this.timeline = timeline;
        Set<String> instances = instances(timeline);
        instances.forEach(name -> add(Kind.INSTANCE, name));
        add(Kind.NO_RESPONSE, "");
        Set<String> others = new LinkedHashSet<>();
        timeline.bands().forEach(band -> others.add(band.part()));
        others.removeAll(instances);
        others.forEach(name -> add(Kind.PART, name));
    }

    /** Returns the instances of a timeline: those expected in their order, then others that responded. */
    static Set<String> instances(Timeline timeline) {
        Set<String> instances = new LinkedHashSet<>(timeline.instances());
        Set<String> others = new TreeSet<>();
        timeline.dots().stream().filter(dot -> dot.mark().responded()).forEach(dot -> others.add(dot.instance()));
        instances.addAll(others);
        return instances;
    }

    private void add(Kind kind, String name) {
        lanes.add(new Lane(kind, name, bottom));
        bottom += kind.height;
    }

    List<Lane> all() {
        return lanes;
    }

    double bottom() {
        return bottom;
    }

    double top() {
        return TOP;
    }

    double right() {
        return RIGHT;
    }

    double x(long micros) {
        double share =
                (double) (micros - timeline.fromMicros()) / Math.max(1, timeline.toMicros() - timeline.fromMicros());
        return LEFT + Math.clamp(share, 0, 1) * (RIGHT - LEFT);
    }
}
