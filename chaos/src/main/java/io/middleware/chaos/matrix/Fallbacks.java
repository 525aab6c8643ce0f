package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import java.util.Set;

/**
 * Answers that came from secondaries.
 *
 * @param answers of whatever call
 * @param unsaid  of them, those that do not say so
 */
record Fallbacks(int answers, int unsaid) {

    static Fallbacks of(Window window, Set<String> secondaries) {
        int answers = 0;
        int unsaid = 0;
        for (CallRecord call : window.calls()) {
            if (call.reply().ok() && secondaries.contains(call.reply().instance())) {
                answers++;
                unsaid += call.reply().fallback().equals("secondary") ? 0 : 1;
            }
        }
        return new Fallbacks(answers, unsaid);
    }
}
