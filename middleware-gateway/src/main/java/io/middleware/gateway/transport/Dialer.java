package io.middleware.gateway.transport;

import static io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS;

import io.middleware.core.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connects to the first of an instance's addresses that accepts (Happy Eyeballs, RFC 8305). The next address is tried
 * when the one before has failed or has been silent for {@value #HEAD_START_MILLIS} ms. Confined to the event loop.
 */
final class Dialer {
    private static final int HEAD_START_MILLIS = 250;

    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final Listener listener;
    private final List<Channel> pending = new ArrayList<>(2);
    private final List<String> reasons = new ArrayList<>(2);
    private Iterator<InetSocketAddress> next = Collections.emptyIterator();
    private boolean severalAddresses;
    private boolean timedOut;
    private boolean ended;

    /** Gets the result, once, on the event loop. */
    interface Listener {
        /** Called before anything is read. {@code nanos}: how long it took to connect to this address. */
        void onConnected(Channel channel, long nanos);

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

    /** Closes all attempts. The listener is not called any more. */
    void cancel() {
        ended = true;
        // a copy, as an attempt that is closed leaves the list at once
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
            listener.onConnected(connecting.channel(), nanos);
        } else {
            timedOut |= connecting.cause() instanceof ConnectTimeoutException;
            String why = connecting.cause() instanceof ConnectTimeoutException
                    ? "no connection within " + bootstrap.config().options().get(CONNECT_TIMEOUT_MILLIS) + " ms"
                    : ConnectFailure.describe(connecting.cause());
            reasons.add((severalAddresses ? address.getAddress().getHostAddress() + ": " : "") + why);
            tryNext();
            if (pending.isEmpty()) {
                ended = true;
                String all = String.join("; ", reasons);
                listener.onFailure(timedOut ? Outcome.silent(all) : Outcome.unreachable(all));
            }
        }
    }
}
