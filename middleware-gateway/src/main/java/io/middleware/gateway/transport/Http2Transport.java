package io.middleware.gateway.transport;

import io.middleware.core.Call;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.instance.Transport;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcTimeout;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Relays calls as HTTP/2 frames: only frames show whether a server may have seen a call. Each event loop has
 * connections of its own to an instance, so that both sides of a call are on its caller's event loop.
 */
public final class Http2Transport implements Transport {
    private final EventLoops loops;
    private final ConnectionOptions options;
    private final IdentityHashMap<EventLoop, Map<Instance, InstanceConnections>> connections = new IdentityHashMap<>();
    private volatile Consumer<Instance> broken = instance -> {};
    private volatile Consumer<Instance> ended = instance -> {};

    public Http2Transport(EventLoops loops, ConnectionOptions options) {
        this.loops = loops;
        this.options = options;
        // each inner map belongs to its loop; the outer one is not changed any more
        for (EventExecutor loop : loops.group()) {
            connections.put((EventLoop) loop, new HashMap<>());
        }
        connections.put(loops.background(), new HashMap<>());
    }

    /** Calls the listener, on the thread of a call, for each connection that breaks: the server may have died. */
    public void whenBroken(Consumer<Instance> listener) {
        broken = listener;
    }

    /**
     * Calls the listener, on the thread of a call, for each connection that was ready and takes no more calls, before
     * another one is made: the address may belong to another server by then.
     */
    public void whenEnded(Consumer<Instance> listener) {
        ended = listener;
    }

    @Override
    public Stream open(
            Call call, Instance instance, long leftNanos, int before, @Nullable String traceparent, Listener listener) {
        EventLoop loop = ((LoopTimers) call.timers()).loop();
        Http2Headers headers = headers((NettyHeaders) call.headers(), before);
        if (leftNanos != Long.MAX_VALUE) {
            headers.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(leftNanos));
        }
        if (traceparent != null) {
            headers.set(GrpcHeaders.TRACEPARENT, traceparent);
        }
        ServerStream stream = new ServerStream(instance, headers, listener);
        InstanceConnections connections = connections(loop, instance);
        connections.open(stream);
        leaveIfGone(connections, instance);
        return stream;
    }

    /**
     * Returns a copy for a later attempt: the attempt before may not have been written yet, and has a number of its
     * own.
     */
    private static Http2Headers headers(NettyHeaders callers, int before) {
        if (before == 0) {
            callers.http2().remove(GrpcHeaders.PREVIOUS_ATTEMPTS);
            return callers.http2();
        }
        return callers.copy().http2().set(GrpcHeaders.PREVIOUS_ATTEMPTS, Integer.toString(before));
    }

    private Connection forProbe(EventLoop loop, Instance instance) {
        InstanceConnections connections = connections(loop, instance);
        Connection connection = connections.any();
        leaveIfGone(connections, instance);
        return connection;
    }

    /** Drains connections to an instance that went, or is no longer used: it was retired before they were opened. */
    private static void leaveIfGone(InstanceConnections connections, Instance instance) {
        if (instance.status() == RegistryStatus.GONE || !instance.inUse()) {
            connections.drain();
        }
    }

    @Override
    public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
        EventLoop loop = loops.current();
        loop.execute(() -> new Probe(loop, timeoutNanos, () -> forProbe(loop, instance), result).start());
    }

    @Override
    public void retire(Instance instance) {
        connections.forEach((loop, map) -> {
            // a loop that is shutting down closes all its connections
            if (!loop.isShuttingDown()) {
                loop.execute(() -> retire(map.remove(instance)));
            }
        });
    }

    private static void retire(@Nullable InstanceConnections connections) {
        if (connections != null) {
            connections.drain();
        }
    }

    private InstanceConnections connections(EventLoop loop, Instance instance) {
        Map<Instance, InstanceConnections> ours = Objects.requireNonNull(connections.get(loop));
        InstanceConnections known = ours.get(instance);
        if (known == null) {
            known = new InstanceConnections(instance, loops, loop, options, new Listeners(ours));
            ours.put(instance, known);
        }
        return known;
    }

    /** Passes on the events of the connections of one event loop. */
    private final class Listeners implements InstanceConnections.Listener {
        private final Map<Instance, InstanceConnections> ours;

        Listeners(Map<Instance, InstanceConnections> ours) {
            this.ours = ours;
        }

        @Override
        public void onBroken(Instance instance) {
            broken.accept(instance);
        }

        @Override
        public void onEnded(Instance instance) {
            ended.accept(instance);
        }

        @Override
        public void onEmpty(InstanceConnections emptied) {
            ours.remove(emptied.instance(), emptied);
        }
    }
}
