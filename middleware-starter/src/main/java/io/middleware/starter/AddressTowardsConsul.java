package io.middleware.starter;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.commons.util.InetUtils;

/**
 * Takes the address from which this machine reaches Consul: with several networks, that is the one where the others
 * are.
 *
 * <pre>
 * the previous address         while the machine has it: checking that is cheap
 * else the one towards Consul  by the machine's routes
 * else the machine's first     where the way to Consul is loopback, and at the start
 * else the previous address    there is no network at the moment
 * </pre>
 */
final class AddressTowardsConsul implements MachineAddress {

    private final InetUtils network;
    private final String consulHost;
    private final int consulPort;

    AddressTowardsConsul(InetUtils network, String consulHost, int consulPort) {
        this.network = network;
        this.consulHost = consulHost;
        this.consulPort = consulPort;
    }

    @Override
    public String now(@Nullable String before) {
        if (before != null && has(before)) {
            return before;
        }
        return another()
                .map(InetAddress::getHostAddress)
                .orElseGet(() -> before != null
                        ? before
                        : network.findFirstNonLoopbackHostInfo().getIpAddress());
    }

    private Optional<InetAddress> another() {
        return towardsConsul()
                .map(address -> address.isLoopbackAddress() ? network.findFirstNonLoopbackAddress() : address)
                .filter(address -> !address.isLoopbackAddress());
    }

    private static boolean has(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return !parsed.isLoopbackAddress() && NetworkInterface.getByInetAddress(parsed) != null;
        } catch (IOException | IllegalArgumentException unknown) {
            return false;
        }
    }

    /** Returns the local address of the route to Consul; nothing is sent. */
    private Optional<InetAddress> towardsConsul() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(consulHost), consulPort));
            return Optional.of(socket.getLocalAddress()).filter(address -> !address.isAnyLocalAddress());
        } catch (IOException noWay) {
            return Optional.empty();
        }
    }
}
