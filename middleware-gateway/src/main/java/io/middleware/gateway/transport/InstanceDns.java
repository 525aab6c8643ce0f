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

/** Resolves the hosts of instances that are registered by name, without blocking an event loop. */
final class InstanceDns {
    /**
     * Seconds for which an address is cached: a restarted container may have another one, while its DNS announces
     * minutes.
     */
    private static final int KEPT = 1;

    private static final int MOST_MILLIS = 1_000;

    /**
     * Queries both address families, whatever this machine has, and waits for both: perhaps only one address is alive.
     */
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

    /** Returns all addresses of an instance, IPv4 first; completes at once if it is registered by address. */
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

    /**
     * Returns the address; null if the host is a name. The zone of an IPv6 address is an interface's number or name.
     */
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
