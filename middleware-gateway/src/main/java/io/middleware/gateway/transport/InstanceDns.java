package io.middleware.gateway.transport;

import io.middleware.core.instance.Registration;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/** Where instances are that are registered by a name: found without an event loop standing still for the answer. */
final class InstanceDns {
    /** In seconds: a container that starts again may have another address, and its DNS says that names hold for minutes. */
    private static final int KEPT = 1;

    private static final int MOST_MILLIS = 1_000;

    /** Both families are asked for whatever this machine has, and both waited for: only one address of all may be alive. */
    private static final class Dns {
        static final DnsAddressResolverGroup RESOLVER = new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(Epoll.isAvailable() ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .completeOncePreferredResolved(false)
                .ttl(0, KEPT)
                .negativeTtl(0)
                .queryTimeoutMillis(MOST_MILLIS));
    }

    private InstanceDns() {}

    /** All addresses of an instance, IPv4 first; at once where it is registered by an address. */
    static Future<List<InetSocketAddress>> resolve(Registration at, EventLoop loop) {
        InetAddress address;
        try {
            address = address(at.host());
        } catch (SocketException | UnknownHostException noZone) {
            return loop.newFailedFuture(noZone);
        }
        return address != null
                ? loop.newSucceededFuture(List.of(new InetSocketAddress(address, at.port())))
                : Dns.RESOLVER.getResolver(loop).resolveAll(InetSocketAddress.createUnresolved(at.host(), at.port()));
    }

    /** The address that a host is; null where it is a name. The zone of an IPv6 address is an interface's number or name. */
    private static InetAddress address(String host) throws SocketException, UnknownHostException {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        int zone = host.indexOf('%');
        if (address != null || zone < 0) {
            return address;
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String name = host.substring(zone + 1, bracketed ? host.length() - 1 : host.length());
        InetAddress without = NetUtil.createInetAddressFromIpAddressString(host.substring(bracketed ? 1 : 0, zone));
        NetworkInterface network =
                without instanceof Inet6Address && !name.isEmpty() ? NetworkInterface.getByName(name) : null;
        if (network == null) {
            throw new UnknownHostException("no network interface " + name);
        }
        return Inet6Address.getByAddress(null, without.getAddress(), network.getIndex());
    }
}
