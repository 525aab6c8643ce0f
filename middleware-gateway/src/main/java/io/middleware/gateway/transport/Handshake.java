package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a connection, until the server's first frame, SETTINGS, has arrived or it is known that none will.
 * The operating system also accepts connections for a frozen server, and a request that was sent to such a server may
 * have arrived. Measures the instance's round trip. Confined to the connection's event loop.
 */
final class Handshake implements Dialer.Listener {
    /**
     * For the first SETTINGS of a server whose system has accepted the connection; a program that starts may be busy.
     */
    private static final int GREETING_LIMIT_MILLIS = 1_000;

    private final Instance instance;
    private final EventLoop loop;
    private final ConnectionFrames frames;
    private final Listener listener;
    private final InstanceTls tls;
    private final Connector connector;
    private final Readiness readiness = new Readiness();
    /** Null until an address has accepted the connection. */
    private @Nullable Session session;

    /** Gets the events of the connection. */
    interface Listener {
        /** Called when the handshake fails, before those who wait for it hear of that. */
        void onFailure(Outcome outcome);

        /** Called when there is no connection, or no more. */
        void onClosed();
    }

    /** {@code frames} gets what the server sends from the first frame on. */
    Handshake(
            Instance instance,
            EventLoops loops,
            EventLoop loop,
            ConnectionOptions options,
            ConnectionFrames frames,
            Listener listener) {
        this.instance = instance;
        this.loop = loop;
        this.frames = frames;
        this.listener = listener;
        this.tls = options.tls();
        this.connector = new Connector(instance.registration(), loops, loop, options.connectTimeout(), this);
    }

    void start() {
        String refusal = tls.refusal(instance);
        if (refusal != null) {
            onFailure(Outcome.unreachable(refusal));
        } else {
            connector.start();
        }
    }

    /** Returns the session; null until an address has accepted the connection. */
    @Nullable
    Session session() {
        return session;
    }

    /** Returns whether the handshake has succeeded or failed. */
    boolean isOver() {
        return readiness.known();
    }

    boolean succeeded() {
        return readiness.stands();
    }

    /** Calls the listener once, now or later: with null when the handshake has succeeded, else with why it failed. */
    void whenOver(Consumer<Outcome> waiting) {
        readiness.tell(waiting);
    }

    /** Ends the handshake with success, if these are the first settings. */
    void settingsArrived() {
        if (!readiness.known()) {
            readiness.settle(null);
        }
    }

    /** Closes the connection, or stops to connect and fails with {@code unconnected}. */
    void close(Outcome unconnected) {
        if (session != null) {
            session.close();
        } else {
            connector.cancel();
            onFailure(unconnected);
        }
    }

    @Override
    public void onConnected(Channel channel, long nanos) {
        instance.roundTrip(nanos);
        SslHandler secure = tls.handler(instance, channel.alloc());
        if (secure != null) {
            channel.pipeline().addLast(secure, new SecureStart(secure, this::onTlsFailure));
        }
        session = new Session(channel, instance, frames);
        session.start();
        channel.closeFuture().addListener(closed -> {
            fail(Outcome.unreachable(
                    secure == null
                            ? "the server closed the connection before it said anything"
                            : "the server closed the connection at the TLS handshake (expected: that it accepts this"
                                    + " gateway's certificate)"));
            listener.onClosed();
        });
        loop.schedule(
                () -> {
                    if (fail(Outcome.silent(
                            "accepts connections, and said nothing within " + GREETING_LIMIT_MILLIS + " ms"))) {
                        channel.close();
                    }
                },
                GREETING_LIMIT_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void onFailure(Outcome outcome) {
        if (fail(outcome)) {
            listener.onClosed();
        }
    }

    private void onTlsFailure(Throwable failure) {
        fail(Outcome.unreachable(tls.describe(failure)));
    }

    /** Returns false, and does nothing, when the handshake is over. */
    private boolean fail(Outcome outcome) {
        if (readiness.known()) {
            return false;
        }
        listener.onFailure(outcome);
        readiness.settle(outcome);
        return true;
    }
}
