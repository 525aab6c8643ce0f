package io.middleware.gateway.ingress.grpc;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many calls of one caller's connection start in each turn of its event loop. The others wait for the next
 * turns, in which the loop also serves other connections. Confined to that loop.
 */
final class Admission implements Runnable {
    static final int PER_TURN = 64;

    private final EventLoop loop;
    private final Queue<StreamGate> waiting = new ArrayDeque<>();
    private int started;
    private boolean closed;

    Admission(EventLoop loop) {
        this.loop = loop;
    }

    /** Opens the gate now or in a later turn. */
    void ask(StreamGate gate) {
        if (closed) {
            return;
        }
        if (started < PER_TURN && waiting.isEmpty()) {
            started++;
            gate.open();
        } else {
            waiting.add(gate);
            if (waiting.size() == 1) {
                nextTurn();
            }
        }
    }

    /** Called when the loop has read all that was available on the connection. */
    void turnEnded() {
        started = 0;
    }

    /** Starts no more calls. */
    void close() {
        waiting.clear();
        closed = true;
    }

    @Override
    public void run() {
        for (int left = PER_TURN; left > 0 && !waiting.isEmpty(); ) {
            StreamGate gate = waiting.poll();
            if (!gate.gone()) {
                left--;
                gate.open();
            }
        }
        if (!waiting.isEmpty()) {
            nextTurn();
        }
    }

    /** Continues by a timer, as a task would run before the loop reads again. */
    private void nextTurn() {
        loop.schedule(this, 0, TimeUnit.NANOSECONDS);
    }
}
