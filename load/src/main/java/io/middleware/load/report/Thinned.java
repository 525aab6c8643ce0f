package io.middleware.load.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The dots that are drawn: all unusual ones, and so many of the ordinary ones as can be told apart.
 *
 * @param ordinary every n-th of them, in their order
 * @param unusual  the worst first
 * @param of       number of ordinary ones before
 */
record Thinned(List<Dot> ordinary, List<Dot> unusual, int of) {

    /** @param most number of ordinary dots that may remain */
    static Thinned of(List<Dot> dots, int most) {
        List<Dot> ordinary = new ArrayList<>();
        List<Dot> unusual = new ArrayList<>();
        dots.forEach(dot -> (dot.mark().ordinary() ? ordinary : unusual).add(dot));
        unusual.sort(Comparator.comparing(Dot::mark).reversed().thenComparingLong(Dot::dueMicros));
        int step = Math.max(1, (ordinary.size() + most - 1) / most);
        List<Dot> kept = new ArrayList<>();
        for (int each = 0; each < ordinary.size(); each += step) {
            kept.add(ordinary.get(each));
        }
        return new Thinned(kept, unusual, ordinary.size());
    }
}
