package io.middleware.gateway.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which gateways get callers' credentials without TLS: those on this machine, and those that a setting lists. That Consul lists one is
 * not enough: everyone who may write there can pretend to be a gateway.
 */
final class TrustedPeers {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));
    private final List<Network> networks = new ArrayList<>();

    /** All addresses that begin with the same bits. */
    private record Network(byte[] address, int bits) {
        boolean has(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((address[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & 0x80 >> bit % Byte.SIZE) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private TrustedPeers() {}

    /**
     * Returns those at addresses, in networks, or with names.
     *
     * @throws IllegalArgumentException if one is none of these; the message says what was expected
     */
    static TrustedPeers of(Collection<String> listed) {
        TrustedPeers trusted = new TrustedPeers();
        listed.stream().map(String::strip).filter(each -> !each.isEmpty()).forEach(trusted::add);
        return trusted;
    }

    private void add(String one) {
        int slash = one.indexOf('/');
        String host = slash < 0 ? one : one.substring(0, slash);
        try {
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            int most = address.length * Byte.SIZE;
            int bits = slash < 0 ? most : Integer.parseInt(one.substring(slash + 1));
            if (bits < 0 || bits > most) {
                throw wrong(one);
            }
            networks.add(new Network(address, bits));
        } catch (IllegalArgumentException noAddress) {
            if (slash >= 0 || !NAME.matcher(one).matches() || one.chars().noneMatch(Character::isLetter)) {
                throw wrong(one);
            }
            names.add(one.toLowerCase(Locale.ROOT));
        }
    }

    private static IllegalArgumentException wrong(String one) {
        return new IllegalArgumentException(
                "peers.trusted: " + one + " (expected: an address, a network such as 10.1.2.0/24, or a host name)");
    }

    /** Returns whether credentials may go to a host. */
    boolean has(String host) {
        if (names.contains(host.toLowerCase(Locale.ROOT))) {
            return true;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            byte[] bytes = address.getAddress();
            return networks.stream().anyMatch(network -> network.has(bytes)) || isHere(address);
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static boolean isHere(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException unknown) {
            return false;
        }
    }
}
