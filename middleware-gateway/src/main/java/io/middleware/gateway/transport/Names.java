package io.middleware.gateway.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.middleware.core.Registration;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;

/** Where instances are that are registered by a name: found without an event loop standing still for the answer. */
final class Names {
    /** In seconds: a container that starts again may have another address, and its DNS says that names hold for minutes. */
    private static final int KEPT = 1;
    private static final int MOST_MILLIS = 1_000;

    private static final class Dns {
        static final DnsAddressResolverGroup RESOLVER = new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(Epoll.isAvailable() ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .ttl(0, KEPT).negativeTtl(0).queryTimeoutMillis(MOST_MILLIS));
    }

    private Names() {
    }

    /** Has the bootstrap connect to where the instance is registered. */
    static Bootstrap pointAt(Registration at, Bootstrap bootstrap) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(at.host());
        return address != null ? bootstrap.remoteAddress(new InetSocketAddress(address, at.port()))
                : bootstrap.resolver(Dns.RESOLVER).remoteAddress(InetSocketAddress.createUnresolved(at.host(), at.port()));
    }
}
