package io.middleware.chaos.demo;

import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.Window;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What callers noticed of an act.
 *
 * @param noticed microseconds until all gateways avoided the broken instances; empty when no instance was broken
 * @param back    microseconds from the start of the mending until the mended parts had answered; empty likewise
 * @param without what callers without the middleware noticed meanwhile; empty when there were none
 */
record Verdict(Act act, Recording recording, OptionalLong noticed, OptionalLong back, Optional<Verdict> without) {

    /** Returns those verdicts without the middleware. */
    static List<Verdict> without(List<Verdict> verdicts) {
        return verdicts.stream().flatMap(verdict -> verdict.without().stream()).toList();
    }

    Window window() {
        return recording.window();
    }

    int calls() {
        return window().count();
    }

    int lost() {
        return window().lost().count();
    }
}
