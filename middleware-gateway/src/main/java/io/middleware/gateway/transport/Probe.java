package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One probe of an instance: it succeeds if there is a connection and a ping on it is acknowledged in time. */
final class Probe {
    private final long limitNanos;
    private final Supplier<Connection> connections;
    private final Consumer<Outcome> result;
    private Future<?> timeout;
    private boolean again;
    private boolean done;

    /** {@code connections} returns the connection that a call would use. */
    Probe(EventLoop loop, long limitNanos, Supplier<Connection> connections, Consumer<Outcome> result) {
        this.limitNanos = limitNanos;
        this.connections = connections;
        this.result = result;
        long millis = TimeUnit.NANOSECONDS.toMillis(limitNanos);
        // the acknowledgement may be unread if the loop was busy: it reads before it runs timers again
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

    /** Tries once more: the connection may have been an old one that was closing anyway. */
    private void lost() {
        if (again || done) {
            end(Outcome.unreachable("the connection was lost"));
        } else {
            again = true;
            start();
        }
    }

    private void end(@Nullable Outcome failure) {
        if (!done) {
            done = true;
            timeout.cancel(false);
            result.accept(failure);
        }
    }
}
