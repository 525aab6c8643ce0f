package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One question whether an instance is alive: a connection, and an answer to a ping on it, in time. */
final class Probe {
    private final long limitNanos;
    private final Supplier<Connection> connections;
    private final Consumer<Outcome> result;
    private Future<?> timeout;
    private boolean again;
    private boolean done;

    /** {@code connections} gives the one that a call would use. */
    Probe(EventLoop loop, long limitNanos, Supplier<Connection> connections, Consumer<Outcome> result) {
        this.limitNanos = limitNanos;
        this.connections = connections;
        this.result = result;
        long millis = TimeUnit.NANOSECONDS.toMillis(limitNanos);
        // when the loop was busy elsewhere the answer may be there, unread: it reads before it comes back to its timers
        this.timeout = loop.schedule(
                () -> {
                    timeout = loop.schedule(
                            () -> end(Outcome.silent("no answer to a ping within " + millis + " ms")),
                            1,
                            TimeUnit.MILLISECONDS);
                },
                limitNanos,
                TimeUnit.NANOSECONDS);
    }

    void start() {
        Connection connection = connections.get();
        connection.handshake().whenOver(failure -> {
            if (failure != null) {
                end(failure);
            } else {
                connection.ping(limitNanos, () -> end(null), this::lost);
            }
        });
    }

    /** The connection may have been an old one that was to end anyway: a new one tells. */
    private void lost() {
        if (again || done) {
            end(Outcome.unreachable("the connection was lost"));
        } else {
            again = true;
            start();
        }
    }

    private void end(Outcome failure) {
        if (!done) {
            done = true;
            timeout.cancel(false);
            result.accept(failure);
        }
    }
}
