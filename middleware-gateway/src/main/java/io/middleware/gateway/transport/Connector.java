package io.middleware.gateway.transport;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Registration;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Resolves an instance's host and dials its addresses. Confined to the event loop. */
final class Connector {
    private static final ChannelInitializer<Channel> NOTHING = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
            // only the address that wins gets a pipeline: see Session
        }
    };

    private final Registration registration;
    private final EventLoop loop;
    private final Dialer.Listener listener;
    private final Dialer dialer;

    Connector(
            Registration registration,
            EventLoops loops,
            EventLoop loop,
            Duration connectTimeout,
            Dialer.Listener listener) {
        this.registration = registration;
        this.loop = loop;
        this.listener = listener;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(NOTHING);
        EventLoops.endDeadConnections(bootstrap::option);
        this.dialer = new Dialer(bootstrap, loop, listener);
    }

    /** Begins to connect. The listener is called once, perhaps before this returns. */
    void start() {
        InstanceDns.resolve(registration, loop).addListener((Future<List<InetSocketAddress>> resolved) -> {
            if (resolved.isSuccess()) {
                dialer.begin(resolved.getNow());
            } else {
                listener.onFailure(Outcome.unreachable("its host " + registration.host() + " cannot be resolved"
                        + " (expected: an IP address, or a name that DNS knows where the gateway runs)"));
            }
        });
    }

    /** Closes the connections that are being made. */
    void cancel() {
        dialer.cancel();
    }
}
