package io.middleware.gateway.transport;

import io.middleware.core.instance.Instance;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * The pings on a connection that are not answered yet. They are empty SETTINGS, which have to be acknowledged at once (RFC 9113,
 * 6.5.3): gRPC's servers close a connection with more than two PINGs between what they send on it ("too_many_pings"), and with it
 * a call that takes long. Confined to the connection's event loop.
 */
final class Pings {
    private final Instance instance;
    private final Channel channel;
    private final Queue<Ping> unanswered = new ArrayDeque<>(1);
    private boolean settled;

    private record Ping(long sentAt, long limitNanos, Runnable answered, Runnable lost) {}

    /** Tells {@code instance} how long the way to it is. */
    Pings(Instance instance, Channel channel) {
        this.instance = instance;
        this.channel = channel;
    }

    /**
     * Runs {@code answered} when the server has answered, or {@code lost} when the connection ends first.
     *
     * @param limitNanos an answer that comes later tells nothing of the length of the way
     */
    void send(long limitNanos, Runnable answered, Runnable lost) {
        unanswered.add(new Ping(System.nanoTime(), limitNanos, answered, lost));
        channel.writeAndFlush(new DefaultHttp2SettingsFrame(new Http2Settings()));
    }

    /** The server acknowledges settings in the order in which they were sent; the first are those that a connection begins with. */
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

    /** The connection has ended. */
    void lost() {
        List<Ping> lost = List.copyOf(unanswered);
        unanswered.clear();
        lost.forEach(ping -> ping.lost.run());
    }
}
