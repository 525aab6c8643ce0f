package io.middleware.gateway.transport;

import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.middleware.core.Call;
import io.middleware.core.Instance;
import io.middleware.core.Outcome;
import io.middleware.core.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;

/**
 * Relays calls as HTTP/2 frames: only frames tell whether a server may have seen a call. There is one connection per event loop
 * and instance, opened by the first attempt, so that both sides of a call are on its caller's event loop.
 */
public final class Http2Transport implements Transport {
    private final EventLoops loops;
    private final Options options;
    private final Map<EventLoop, Map<Instance, Connection>> connections = new IdentityHashMap<>();
    private volatile Consumer<Instance> broken = instance -> { };
    private volatile Consumer<Instance> ended = instance -> { };

    /** {@code connectTimeout}: how long a server may take to accept a connection. */
    public record Options(Duration connectTimeout) {
        public Options {
            if (connectTimeout.toMillis() < 10) {
                throw new IllegalArgumentException("connect-timeout: " + connectTimeout + " (expected: 10 ms or more)");
            }
        }
    }

    public Http2Transport(EventLoops loops, Options options) {
        this.loops = loops;
        this.options = options;
        // the maps of the loops are theirs alone; this outer one is not changed any more
        for (EventExecutor loop : loops.group()) {
            connections.put((EventLoop) loop, new HashMap<>());
        }
        connections.put(loops.background(), new HashMap<>());
    }

    /** {@code listener} is told, on the thread of a call, of each connection that breaks: the server may have died. */
    public void whenBroken(Consumer<Instance> listener) {
        broken = listener;
    }

    /**
     * {@code listener} is told, on the thread of a call, of each connection that had stood and takes no more calls, before another
     * one is made: what answers there next may be another server.
     */
    public void whenEnded(Consumer<Instance> listener) {
        ended = listener;
    }

    @Override
    public Stream open(Call call, Instance instance, long leftNanos, Listener listener) {
        EventLoop loop = ((LoopTimers) call.timers()).loop();
        NettyHeaders headers = (NettyHeaders) call.headers();
        if (leftNanos != Long.MAX_VALUE) {
            headers.http2().set(GrpcHeaders.TIMEOUT, GrpcHeaders.timeout(leftNanos));
        }
        ServerStream stream = new ServerStream(instance, headers.http2(), listener);
        Connection connection = connection(loop, instance);
        connection.open(stream);
        leaveIfGone(connection, instance);
        return stream;
    }

    private Connection forOne(EventLoop loop, Instance instance) {
        Connection connection = connection(loop, instance);
        leaveIfGone(connection, instance);
        return connection;
    }

    /** It was chosen just before, and nobody will retire what was opened just after. */
    private static void leaveIfGone(Connection connection, Instance instance) {
        if (instance.standing() == Instance.Standing.GONE) {
            connection.drain();
        }
    }

    @Override
    public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
        EventLoop loop = loops.current();
        loop.execute(() -> new Probe(loop, timeoutNanos, () -> forOne(loop, instance), result).start());
    }

    @Override
    public void retire(Instance instance) {
        connections.forEach((loop, map) -> {
            // one that is shutting down ends all its connections
            if (!loop.isShuttingDown()) {
                loop.execute(() -> retire(map.remove(instance)));
            }
        });
    }

    private static void retire(Connection connection) {
        if (connection != null) {
            connection.drain();
        }
    }

    private Connection connection(EventLoop loop, Instance instance) {
        Map<Instance, Connection> ours = connections.get(loop);
        Connection connection = ours.get(instance);
        if (connection == null || !connection.takesStreams()) {
            if (connection != null) {
                ended.accept(instance);
            }
            connection = new Connection(instance, (closed, isBroken) -> {
                ours.remove(instance, closed);
                if (closed.stood() && !loop.isShuttingDown()) {
                    ended.accept(instance);
                }
                // by this gateway's own end: nobody broke it
                if (isBroken && !loop.isShuttingDown()) {
                    broken.accept(instance);
                }
            });
            ours.put(instance, connection);
            connection.connect(loops, loop, options);
        }
        return connection;
    }
}
