package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One event loop's connections to one instance. Nearly always one; another, up to as many as the options allow, when
 * <ul>
 * <li>the server takes no more streams on those there are (MAX_CONCURRENT_STREAMS),
 * <li>what it has not read yet uses up the window of the connection (one stream that it does not read can do that),
 * <li>or so many streams are open that their unread responses could use up ours: {@value Connection#FEW_STREAMS}.
 * </ul>
 * A stream waits only when there may be no more connections. One that is given up here has provably never left; a stream that the
 * HTTP/2 library holds back is sent and executed all the same. A connection that is not needed any more closes. Confined to its
 * event loop.
 */
final class InstanceConnections {
    private static final Outcome LEAVING = Outcome.unsent("the connection takes no more calls");
    private static final long PAUSE_AFTER_FAILURE = TimeUnit.SECONDS.toNanos(1);
    /** How often those that wait look whether the server has read something meanwhile. */
    private static final int LOOK_AGAIN_MILLIS = 20;

    private final Instance instance;
    private final EventLoops loops;
    private final EventLoop loop;
    private final Http2Transport.Options options;
    private final Consumer<Instance> broken;
    private final Consumer<Instance> ended;
    private final Consumer<InstanceConnections> whenEmpty;
    private final List<Connection> connections = new ArrayList<>(2);
    private final Queue<ServerStream> waiting = new ArrayDeque<>();
    private int pruneAt = 64;
    private long noMoreUntil;
    private boolean looking;

    /**
     * Opens nothing yet.
     *
     * @param broken    hears of each connection that breaks
     * @param ended     hears of each connection that had stood and takes no more calls, but for those that were not needed
     * @param whenEmpty hears when there is no connection left
     */
    InstanceConnections(
            Instance instance,
            EventLoops loops,
            EventLoop loop,
            Http2Transport.Options options,
            Consumer<Instance> broken,
            Consumer<Instance> ended,
            Consumer<InstanceConnections> whenEmpty) {
        this.instance = instance;
        this.loops = loops;
        this.loop = loop;
        this.options = options;
        this.broken = broken;
        this.ended = ended;
        this.whenEmpty = whenEmpty;
        this.noMoreUntil = System.nanoTime();
    }

    /** Opens a stream as soon as there is a connection with room for it; the stream hears of it if there will be none. */
    void open(ServerStream stream) {
        Connection roomy = waiting.isEmpty() ? roomy() : null;
        if (roomy != null) {
            roomy.open(stream);
        } else {
            prune();
            waiting.add(stream);
            grow(waiting.size());
            lookAgain();
        }
    }

    /** The connection that stands longest, made where there is none. */
    Connection any() {
        return connections.isEmpty() ? connect() : connections.getFirst();
    }

    /** How many streams wait for a connection. */
    int waiting() {
        return waiting.size();
    }

    /** No more streams on those there are; each is closed when its last stream has ended. */
    void drain() {
        List.copyOf(connections).forEach(Connection::drainWhenReady);
    }

    // what the connections say

    /** The first settings came, or others, or a stream has ended. */
    void hasRoom() {
        while (!waiting.isEmpty()) {
            if (waiting.peek().ended()) {
                waiting.poll();
                continue;
            }
            Connection roomy = roomy();
            if (roomy == null) {
                grow(waiting.size());
                return;
            }
            roomy.open(waiting.poll());
        }
    }

    /** It takes no more streams. {@code outcome}: why those that wait find none. */
    void left(Connection connection, Outcome outcome) {
        if (!connections.remove(connection)) {
            return;
        }
        if (connections.isEmpty()) {
            noMoreUntil = System.nanoTime();
            whenEmpty.accept(this);
            dismiss(outcome == null ? LEAVING : outcome);
        } else if (outcome != null && !connection.stood()) {
            // the server, or what is in front of it, takes no more connections
            noMoreUntil = System.nanoTime() + PAUSE_AFTER_FAILURE;
        }
    }

    /** It had stood, and another server may answer next. */
    void ended() {
        if (!loop.isShuttingDown()) {
            ended.accept(instance);
        }
    }

    void broke() {
        // by this gateway's own end: nobody broke it
        if (!loop.isShuttingDown()) {
            broken.accept(instance);
        }
    }

    /** One that has had nothing to do for a while: the first is kept. */
    void idle(Connection connection) {
        if (connections.indexOf(connection) > 0) {
            connection.leaveUnneeded();
        }
    }

    /**
     * The first with room, as those behind it become idle when there are fewer calls. Where each has many streams, the one with
     * the fewest, and another is made.
     */
    private Connection roomy() {
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

    /** Another connection, unless those that are being made have room for so many. */
    private void grow(int streams) {
        long coming = 0;
        for (int i = 0; i < connections.size(); i++) {
            if (!connections.get(i).ready()) {
                coming += expectedRoom();
            }
        }
        if (coming < streams && connections.size() < options.perInstance() && System.nanoTime() - noMoreUntil >= 0) {
            connect();
        }
    }

    /** What the server allowed on another connection. */
    private long expectedRoom() {
        long room = Connection.FEW_STREAMS;
        for (int i = 0; i < connections.size(); i++) {
            room = Math.min(room, connections.get(i).most());
        }
        return room;
    }

    private Connection connect() {
        Connection connection = new Connection(instance, this);
        connections.add(connection);
        connection.connect(loops, loop, options);
        return connection;
    }

    private void lookAgain() {
        if (!looking && !waiting.isEmpty()) {
            looking = true;
            loop.schedule(
                    () -> {
                        looking = false;
                        hasRoom();
                        lookAgain();
                    },
                    LOOK_AGAIN_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void dismiss(Outcome outcome) {
        List<ServerStream> dismissed = List.copyOf(waiting);
        waiting.clear();
        dismissed.forEach(stream -> stream.fail(outcome));
    }

    /** Those that were given up do not pile up behind one that waits for long. */
    private void prune() {
        if (waiting.size() >= pruneAt) {
            waiting.removeIf(ServerStream::ended);
            pruneAt = Math.max(64, 2 * waiting.size());
        }
    }
}
