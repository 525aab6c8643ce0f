package io.middleware.gateway;

import io.middleware.starter.MachineAddress;
import java.net.InetAddress;

/**
 * Who this gateway is, in Consul and in the header {@code middleware-gateway}.
 *
 * @param host    where others reach it
 * @param address where others reach it at the moment: the same as {@code host}, unless the machine has another address by now
 */
public record GatewayIdentity(String id, String host, MachineAddress address) {

    /**
     * What the settings say, completed by what can be known without them.
     *
     * @param boundTo  the address that the servers bind to; null for every address
     * @param machine  the machine's own address, followed only when nothing else is known
     * @param httpPort as configured
     */
    static GatewayIdentity of(GatewaySettings settings, InetAddress boundTo, MachineAddress machine, int httpPort) {
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
