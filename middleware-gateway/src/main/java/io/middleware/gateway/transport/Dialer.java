package io.middleware.gateway.transport;

import static io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS;

import io.middleware.core.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connects to the first of an instance's addresses that takes it. The next address is tried when the one before has failed, or
 * has not answered for {@value #HEAD_START_MILLIS} ms (RFC 8305). Confined to the event loop.
 */
final class Dialer {
    private static final int HEAD_START_MILLIS = 250;

    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final Listener listener;
    private final List<Channel> pending = new ArrayList<>(2);
    private final List<String> reasons = new ArrayList<>(2);
    private Iterator<InetSocketAddress> next;
    private boolean severalAddresses;
    private boolean timedOut;
    private boolean ended;

    /** Told once what came of it, on the event loop. */
    interface Listener {
        /** {@code nanos}: how long it took to connect to this address. Nothing was read yet. */
        void connected(Channel channel, long nanos);

        void onFailure(Outcome outcome);
    }

    Dialer(Bootstrap bootstrap, EventLoop loop, Listener listener) {
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.listener = listener;
    }

    void begin(List<InetSocketAddress> addresses) {
        next = addresses.iterator();
        severalAddresses = addresses.size() > 1;
        tryNext();
    }

    /** Nobody is told of anything any more. */
    void cancel() {
        ended = true;
        // one that is closed leaves the list at once
        List.copyOf(pending).forEach(Channel::close);
    }

    private void tryNext() {
        if (ended || !next.hasNext()) {
            return;
        }
        InetSocketAddress address = next.next();
        long startedAt = System.nanoTime();
        ChannelFuture connecting = bootstrap.connect(address);
        pending.add(connecting.channel());
        connecting.addListener(done -> settled(connecting, address, System.nanoTime() - startedAt));
        if (next.hasNext()) {
            loop.schedule(this::tryNext, HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void settled(ChannelFuture connecting, InetSocketAddress address, long nanos) {
        pending.remove(connecting.channel());
        if (ended) {
            connecting.channel().close();
        } else if (connecting.isSuccess()) {
            cancel();
            listener.connected(connecting.channel(), nanos);
        } else {
            timedOut |= connecting.cause() instanceof ConnectTimeoutException;
            String why = connecting.cause() instanceof ConnectTimeoutException
                    ? "no connection within " + bootstrap.config().options().get(CONNECT_TIMEOUT_MILLIS) + " ms"
                    : reason(connecting.cause());
            reasons.add((severalAddresses ? address.getAddress().getHostAddress() + ": " : "") + why);
            tryNext();
            if (pending.isEmpty()) {
                ended = true;
                String all = String.join("; ", reasons);
                listener.onFailure(timedOut ? Outcome.silent(all) : Outcome.unreachable(all));
            }
        }
    }

    static String reason(Throwable failure) {
        return failure instanceof ConnectException
                ? "connection refused"
                : failure.getMessage() != null
                        ? failure.getMessage()
                        : failure.getClass().getSimpleName();
    }
}
