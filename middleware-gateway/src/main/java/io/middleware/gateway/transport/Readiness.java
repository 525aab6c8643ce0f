package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether a connection can be used, which is not known at first. Confined to the connection's event loop. */
final class Readiness {
    private final List<Consumer<Outcome>> waiting = new ArrayList<>(2);
    private boolean known;
    private @Nullable Outcome failure;

    boolean known() {
        return known;
    }

    /** Returns whether the connection can be used; false while that is not known. */
    boolean stands() {
        return known && failure == null;
    }

    /** Calls the listener once, now or later: with null when the connection can be used, else with the reason. */
    void tell(Consumer<Outcome> listener) {
        if (known) {
            listener.accept(failure);
        } else {
            waiting.add(listener);
        }
    }

    /** Settles the state, once. {@code failure}: null when the connection can be used. */
    void settle(@Nullable Outcome failure) {
        this.known = true;
        this.failure = failure;
        List<Consumer<Outcome>> waited = List.copyOf(waiting);
        waiting.clear();
        waited.forEach(listener -> listener.accept(failure));
    }
}
