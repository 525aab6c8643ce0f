package io.middleware.core.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gets the record of each call at its end. */
@FunctionalInterface
public interface CallListener {
    /** Called on the call's thread, so it must return at once. The record does not change any more. */
    void onEnd(CallRecord record);

    /** Returns one that tells all of them, in order; null if there are none. */
    static @Nullable CallListener of(List<CallListener> listeners) {
        if (listeners.size() < 2) {
            return listeners.isEmpty() ? null : listeners.getFirst();
        }
        CallListener[] all = listeners.toArray(CallListener[]::new);
        return record -> {
            for (CallListener each : all) {
                each.onEnd(record);
            }
        };
    }
}
