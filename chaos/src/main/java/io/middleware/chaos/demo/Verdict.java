package io.middleware.chaos.demo;

import io.middleware.chaos.measure.Window;
import java.util.OptionalLong;

/**
 * What the callers noticed of an act.
 *
 * @param noticed until the gateways left the broken instances alone, in microseconds; empty when there was nothing to be left
 * @param back    from the begin of the mending until each of the mended had answered, in microseconds; empty likewise
 */
record Verdict(Act act, Window window, OptionalLong noticed, OptionalLong back) {

    int calls() {
        return window.count();
    }

    int lost() {
        return window.lost().count();
    }
}
