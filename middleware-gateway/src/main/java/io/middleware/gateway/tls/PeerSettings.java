package io.middleware.gateway.tls;

import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Other gateways, which each one asks for what people want to see.
 *
 * @param trusted Where gateways are that get callers' credentials without TLS, beside those on this machine: addresses, networks such
 *     as 10.1.2.0/24, or host names as they are in Consul.
 */
public record PeerSettings(@DefaultValue List<String> trusted) {
    /** @throws IllegalArgumentException if one is none of these; the message says what was expected */
    public PeerSettings {
        TrustedPeers.of(trusted);
    }
}
