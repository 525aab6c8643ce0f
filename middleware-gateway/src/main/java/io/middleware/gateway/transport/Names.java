package io.middleware.gateway.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import io.middleware.core.Registration;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;

/** Where instances are that are registered by a name: found without an event loop standing still for the answer. */
final class Names {
    /** In seconds: a container that starts again may have another address, and its DNS says that names hold for minutes. */
    private static final int KEPT = 1;
    private static final int MOST_MILLIS = 1_000;

    /** Both families are asked for whatever this machine has, and both waited for: only one address of all may be alive. */
    private static final class Dns {
        static final DnsAddressResolverGroup RESOLVER = new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(Epoll.isAvailable() ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED).completeOncePreferredResolved(false)
                .ttl(0, KEPT).negativeTtl(0).queryTimeoutMillis(MOST_MILLIS));
    }

    private Names() {
    }

    /** All addresses of an instance, IPv4 first; at once where it is registered by an address. */
    static Future<List<InetSocketAddress>> resolve(Registration at, EventLoop loop) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(at.host());
        return address != null ? loop.newSucceededFuture(List.of(new InetSocketAddress(address, at.port())))
                : Dns.RESOLVER.getResolver(loop).resolveAll(InetSocketAddress.createUnresolved(at.host(), at.port()));
    }
}
