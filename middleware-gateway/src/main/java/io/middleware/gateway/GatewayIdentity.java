package io.middleware.gateway;

import io.middleware.starter.MachineAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this gateway, in Consul and in the header {@code middleware-gateway}.
 *
 * @param host    where others reach it
 * @param address where others reach it now: differs from {@code host} if the address of the machine has changed
 */
public record GatewayIdentity(String id, String host, MachineAddress address) {

    /**
     * Returns the identity that is set, completed by defaults.
     *
     * @param boundTo  the address that the servers bind to; null for all addresses
     * @param machine  the machine's own address, used only if no host is set
     * @param httpPort as configured
     */
    static GatewayIdentity of(
            GatewaySettings settings, @Nullable InetAddress boundTo, MachineAddress machine, int httpPort) {
        String set = settings.host() != null
                ? settings.host()
                : boundTo != null && !boundTo.isAnyLocalAddress() ? boundTo.getHostAddress() : null;
        MachineAddress address = set == null ? machine : before -> set;
        String host = address.now(null);
        String id = settings.id() != null
                ? settings.id()
                : "gateway-" + host.replaceAll("[^A-Za-z0-9]+", "-") + "-" + httpPort;
        return new GatewayIdentity(id, host, address);
    }
}
