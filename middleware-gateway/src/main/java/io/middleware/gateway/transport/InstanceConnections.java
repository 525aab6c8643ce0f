package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one instance. Nearly always one; another, up to as many as the options allow, when
 * <ul>
 * <li>the server takes no more streams on the others (MAX_CONCURRENT_STREAMS),
 * <li>what the server has not read yet uses up its window (one stream that it does not read can do that),
 * <li>or so many streams are open that their unread responses could use up ours: {@value Connection#FEW_STREAMS}.
 * </ul> A stream waits here only when there may be no more connections. One that is given up here has provably never
 * left; a stream that the HTTP/2 library held back would be sent and executed all the same. Confined to its event loop.
 */
final class InstanceConnections implements ConnectionOwner {
    private static final Outcome LEAVING = Outcome.unsent("the connection takes no more calls");
    private static final long PAUSE_AFTER_FAILURE = TimeUnit.SECONDS.toNanos(1);
    /** How often waiting streams check whether the server has read something meanwhile. */
    private static final int RECHECK_MILLIS = 20;

    private final Instance instance;
    private final EventLoops loops;
    private final EventLoop loop;
    private final ConnectionOptions options;
    private final Listener listener;
    private final List<Connection> connections = new ArrayList<>(2);
    private final WaitingStreams waiting = new WaitingStreams();
    private long noMoreUntil;
    private boolean rechecking;

    /** Gets the events of the connections to one instance, on their event loop. */
    interface Listener {
        /** Called when a connection breaks. */
        void onBroken(Instance instance);

        /** Called when a connection that was ready takes no more calls, unless it was not needed. */
        void onEnded(Instance instance);

        /** Called when no connection is left. */
        void onEmpty(InstanceConnections connections);
    }

    /** Opens nothing yet. */
    InstanceConnections(
            Instance instance, EventLoops loops, EventLoop loop, ConnectionOptions options, Listener listener) {
        this.instance = instance;
        this.loops = loops;
        this.loop = loop;
        this.options = options;
        this.listener = listener;
        this.noMoreUntil = System.nanoTime();
    }

    Instance instance() {
        return instance;
    }

    /** Opens a stream as soon as there is a connection with room for it; fails the stream if there will be none. */
    void open(ServerStream stream) {
        Connection roomy = waiting.isEmpty() ? roomy() : null;
        if (roomy != null) {
            roomy.open(stream);
        } else {
            waiting.add(stream);
            grow(waiting.size());
            recheckLater();
        }
    }

    /** Returns the oldest connection, made if there is none. */
    Connection any() {
        return connections.isEmpty() ? connect() : connections.getFirst();
    }

    /** Drains all connections. */
    void drain() {
        List.copyOf(connections).forEach(Connection::drainWhenReady);
    }

    @Override
    public int waiting() {
        return waiting.size();
    }

    @Override
    public void onRoom() {
        while (waiting.skipEnded()) {
            Connection roomy = roomy();
            if (roomy == null) {
                grow(waiting.size());
                return;
            }
            roomy.open(waiting.next());
        }
    }

    @Override
    public void onLeft(Connection connection, @Nullable Outcome outcome) {
        if (!connections.remove(connection)) {
            return;
        }
        if (connections.isEmpty()) {
            noMoreUntil = System.nanoTime();
            listener.onEmpty(this);
            waiting.dismiss(outcome == null ? LEAVING : outcome);
        } else if (outcome != null && !connection.handshake().succeeded()) {
            // the server, or a proxy in front of it, takes no more connections
            noMoreUntil = System.nanoTime() + PAUSE_AFTER_FAILURE;
        }
    }

    @Override
    public void onEnded() {
        if (!loop.isShuttingDown()) {
            listener.onEnded(instance);
        }
    }

    @Override
    public void onBroken() {
        // when this gateway ends, its connections end with it: the instance did not break them
        if (!loop.isShuttingDown()) {
            listener.onBroken(instance);
        }
    }

    /** Drains an idle connection; the first is kept. */
    @Override
    public void onIdle(Connection connection) {
        if (connections.indexOf(connection) > 0) {
            connection.drainUnneeded();
        }
    }

    /**
     * Returns the first connection with room, so that those behind it become idle when there are fewer calls; null if
     * none has room. Where each has many streams, returns the one with the fewest, and makes another.
     */
    private @Nullable Connection roomy() {
        Connection least = null;
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            if (connection.hasRoom()) {
                if (connection.streams() < Connection.FEW_STREAMS) {
                    return connection;
                }
                if (least == null || connection.streams() < least.streams()) {
                    least = connection;
                }
            }
        }
        if (least != null) {
            grow(1);
        }
        return least;
    }

    /** Makes another connection, unless those that are being made have room for so many streams. */
    private void grow(int streams) {
        long coming = 0;
        for (int i = 0; i < connections.size(); i++) {
            if (!connections.get(i).handshake().isOver()) {
                coming += expectedRoom();
            }
        }
        if (coming < streams && connections.size() < options.perInstance() && System.nanoTime() - noMoreUntil >= 0) {
            connect();
        }
    }

    /** Returns how many streams a new connection takes, judging by the others. */
    private long expectedRoom() {
        long room = Connection.FEW_STREAMS;
        for (int i = 0; i < connections.size(); i++) {
            room = Math.min(room, connections.get(i).most());
        }
        return room;
    }

    private Connection connect() {
        Connection connection = new Connection(instance, loops, loop, options, this);
        connections.add(connection);
        connection.connect();
        return connection;
    }

    private void recheckLater() {
        if (!rechecking && !waiting.isEmpty()) {
            rechecking = true;
            loop.schedule(
                    () -> {
                        rechecking = false;
                        onRoom();
                        recheckLater();
                    },
                    RECHECK_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }
}
