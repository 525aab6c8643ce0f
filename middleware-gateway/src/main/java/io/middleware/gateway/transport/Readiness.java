package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Whether a connection stands, which is not known at first. Confined to the connection's event loop. */
final class Readiness {
    private final List<Consumer<Outcome>> waiting = new ArrayList<>(2);
    private boolean known;
    private Outcome failure;

    boolean known() {
        return known;
    }

    /** False as long as it is not known. */
    boolean stands() {
        return known && failure == null;
    }

    /** Tells once: null, or why it does not stand. At once if that is known. */
    void tell(Consumer<Outcome> listener) {
        if (known) {
            listener.accept(failure);
        } else {
            waiting.add(listener);
        }
    }

    /** It is known now, and not before. {@code failure}: null when it stands. */
    void settle(Outcome failure) {
        this.known = true;
        this.failure = failure;
        List<Consumer<Outcome>> waited = List.copyOf(waiting);
        waiting.clear();
        waited.forEach(listener -> listener.accept(failure));
    }
}
