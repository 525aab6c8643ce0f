package io.middleware.gateway.transport;

import io.middleware.core.instance.Instance;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Sends pings on a connection. A ping is an empty SETTINGS frame, which must be acknowledged at once (RFC 9113, 6.5.3):
 * gRPC servers close a connection with more than two PINGs between the frames that they send ("too_many_pings"), and
 * with it the long calls on it. Confined to the connection's event loop.
 */
final class Pings {
    private final Instance instance;
    private final ServerCodec codec;
    private final FlushBatch flushes;
    private final Queue<Ping> unanswered = new ArrayDeque<>(1);
    private boolean settled;

    private record Ping(long sentAt, long limitNanos, Runnable answered, Runnable lost) {}

    /** Reports round trips to {@code instance}. */
    Pings(Instance instance, ServerCodec codec, FlushBatch flushes) {
        this.instance = instance;
        this.codec = codec;
        this.flushes = flushes;
    }

    /**
     * Runs {@code answered} on the acknowledgement, or {@code lost} if the connection ends first.
     *
     * @param limitNanos a later acknowledgement is not a measure of the round trip
     */
    void send(long limitNanos, Runnable answered, Runnable lost) {
        unanswered.add(new Ping(System.nanoTime(), limitNanos, answered, lost));
        codec.writeSettings(new Http2Settings());
        flushes.soon();
    }

    /**
     * Called for each acknowledgement. They come in the order of the settings; the first is for those that begin a
     * connection.
     */
    void acknowledged() {
        Ping answered = settled ? unanswered.poll() : null;
        settled = true;
        if (answered != null) {
            long took = System.nanoTime() - answered.sentAt;
            if (took <= answered.limitNanos) {
                instance.roundTrip(took);
            }
            answered.answered.run();
        }
    }

    /** Called when the connection has ended. */
    void lost() {
        List<Ping> lost = List.copyOf(unanswered);
        unanswered.clear();
        lost.forEach(ping -> ping.lost.run());
    }
}
