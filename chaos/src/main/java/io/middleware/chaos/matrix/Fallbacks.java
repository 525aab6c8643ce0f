package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import java.util.Set;

/**
 * Responses that came from secondaries.
 *
 * @param responses  of any kind of call
 * @param unlabelled of them, those without {@code middleware-fallback: secondary}
 */
record Fallbacks(int responses, int unlabelled) {

    static Fallbacks of(Window window, Set<String> secondaries) {
        int responses = 0;
        int unlabelled = 0;
        for (CallRecord call : window.calls()) {
            if (call.reply().ok() && secondaries.contains(call.reply().instance())) {
                responses++;
                unlabelled += call.reply().fallback().equals("secondary") ? 0 : 1;
            }
        }
        return new Fallbacks(responses, unlabelled);
    }
}
