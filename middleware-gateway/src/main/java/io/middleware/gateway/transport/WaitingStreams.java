package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** The streams that wait for a connection with room, in their order. Confined to the event loop. */
final class WaitingStreams {
    private static final int FIRST_PRUNING = 64;

    private final Queue<ServerStream> streams = new ArrayDeque<>();
    private int pruneAt = FIRST_PRUNING;

    int size() {
        return streams.size();
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    /** Adds a stream. Streams that were given up do not pile up behind one that waits for long. */
    void add(ServerStream stream) {
        if (streams.size() >= pruneAt) {
            streams.removeIf(ServerStream::isEnded);
            pruneAt = Math.max(FIRST_PRUNING, 2 * streams.size());
        }
        streams.add(stream);
    }

    /** Removes the streams at the front that were given up, and returns whether one is left. */
    boolean skipEnded() {
        while (!streams.isEmpty() && streams.peek().isEnded()) {
            streams.poll();
        }
        return !streams.isEmpty();
    }

    ServerStream next() {
        return streams.remove();
    }

    /** Ends all of them. */
    void dismiss(Outcome outcome) {
        List<ServerStream> dismissed = List.copyOf(streams);
        streams.clear();
        dismissed.forEach(stream -> stream.fail(outcome));
    }
}
