package io.middleware.gateway;

import java.net.InetAddress;
import java.util.function.Supplier;

/**
 * Who this gateway is, in Consul and in the header {@code middleware-gateway}.
 *
 * @param host where others reach it
 */
public record GatewayIdentity(String id, String host) {

    /**
     * What the settings say, completed by what can be known without them.
     *
     * @param boundTo  the address that the servers bind to; null for every address
     * @param machine  the machine's own address, asked for only when nothing else is known
     * @param httpPort as configured
     */
    static GatewayIdentity of(GatewaySettings settings, InetAddress boundTo, Supplier<String> machine, int httpPort) {
        String host = settings.host() != null ? settings.host()
                : boundTo != null && !boundTo.isAnyLocalAddress() ? boundTo.getHostAddress()
                : machine.get();
        String id = settings.id() != null ? settings.id()
                : "gateway-" + host.replaceAll("[^A-Za-z0-9]+", "-") + "-" + httpPort;
        return new GatewayIdentity(id, host);
    }
}
