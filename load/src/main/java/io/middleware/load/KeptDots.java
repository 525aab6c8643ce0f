package io.middleware.load;

import io.middleware.load.report.Dot;
import io.middleware.load.report.Mark;
import io.middleware.load.report.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the calls of a run of any length for its report, in bounded memory: all unusual ones up to a number that no
 * report could show, and every n-th of the others. Calls may be added on any thread.
 */
final class KeptDots {

    private final int mostOrdinary;
    private final int mostUnusual;
    private final Map<String, String> names = new HashMap<>();
    private final List<Dot> unusual = new ArrayList<>();
    private List<Dot> ordinary = new ArrayList<>();
    private long step = 1;
    private long ordinarySeen;
    private long unusualSeen;

    KeptDots(int mostOrdinary, int mostUnusual) {
        this.mostOrdinary = mostOrdinary;
        this.mostUnusual = mostUnusual;
    }

    synchronized void add(CallRecord call) {
        Dot dot = CallDots.of(call, failed -> Mark.LOST);
        if (dot.mark() == Mark.ORDINARY) {
            if (ordinarySeen++ % step == 0) {
                ordinary.add(shared(dot));
                thin();
            }
        } else if (unusualSeen++ < mostUnusual) {
            unusual.add(shared(dot));
        }
    }

    /** Drops every second ordinary dot when there are too many. */
    private void thin() {
        if (ordinary.size() > mostOrdinary) {
            List<Dot> half = new ArrayList<>();
            for (int each = 0; each < ordinary.size(); each += 2) {
                half.add(ordinary.get(each));
            }
            ordinary = half;
            step *= 2;
        }
    }

    /** Returns the dot with names that all dots share: each response brings new strings. */
    private Dot shared(Dot dot) {
        return new Dot(
                dot.dueMicros(),
                dot.latencyMicros(),
                names.computeIfAbsent(dot.instance(), name -> name),
                names.computeIfAbsent(dot.gateway(), name -> name),
                dot.mark(),
                dot.details());
    }

    synchronized List<Dot> all() {
        List<Dot> all = new ArrayList<>(ordinary);
        all.addAll(unusual);
        return all;
    }

    synchronized Timeline.Unkept unkept() {
        return new Timeline.Unkept(ordinarySeen - ordinary.size(), unusualSeen - unusual.size());
    }
}
