package io.middleware.chaos.demo;

import io.middleware.chaos.measure.Window;
import java.util.OptionalLong;

/**
 * What callers noticed of an act.
 *
 * @param noticed microseconds until all gateways avoided the broken instances; empty when no instance was broken
 * @param back    microseconds from the start of the mending until the mended parts had responded; empty likewise
 */
record Verdict(Act act, Window window, OptionalLong noticed, OptionalLong back) {

    int calls() {
        return window.count();
    }

    int lost() {
        return window.lost().count();
    }
}
