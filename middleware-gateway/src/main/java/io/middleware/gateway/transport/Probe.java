package io.middleware.gateway.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.middleware.core.Outcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/** One question whether an instance is alive: a connection, and an answer to a ping on it, in time. */
final class Probe {
    private final Consumer<Outcome> result;
    private Future<?> timeout;
    private boolean done;

    Probe(EventLoop loop, long timeoutNanos, Consumer<Outcome> result) {
        this.result = result;
        long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
        // when the loop was busy elsewhere the answer may be there, unread: it reads before it comes back to its timers
        this.timeout = loop.schedule(() -> {
            timeout = loop.schedule(() -> end(Outcome.silent("no answer to a ping within " + millis + " ms")), 1,
                    TimeUnit.MILLISECONDS);
        }, timeoutNanos, TimeUnit.NANOSECONDS);
    }

    void start(Connection connection) {
        connection.whenReady(failure -> {
            if (failure != null) {
                end(failure);
            } else {
                connection.ping(() -> end(null), () -> end(Outcome.unreachable("the connection was lost")));
            }
        });
    }

    private void end(Outcome failure) {
        if (!done) {
            done = true;
            timeout.cancel(false);
            result.accept(failure);
        }
    }
}
