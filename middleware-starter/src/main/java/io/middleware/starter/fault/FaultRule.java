package io.middleware.starter.fault;

import io.middleware.starter.WrongSettingException;
import io.middleware.starter.exposure.ListeningPort;
import io.middleware.starter.exposure.ListeningPorts;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Refuses to start a server that strangers could make fail. In a demo's containers, whose servers must bind to all addresses of a
 * private network, a setting allows it.
 */
final class FaultRule implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(FaultRule.class);
    private static final String ENABLED = "middleware.faults.enabled";
    private static final String ALLOWED = "middleware.faults.beyond-loopback";

    private final boolean securityRequired;
    private final boolean allowed;
    private final List<ListeningPorts> ports;

    FaultRule(boolean securityRequired, FaultProperties settings, List<ListeningPorts> ports) {
        this.securityRequired = securityRequired;
        this.allowed = settings.beyondLoopback();
        this.ports = ports;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (securityRequired) {
            throw new WrongSettingException(
                    ENABLED + " and middleware.security.required are both true.",
                    "A server that must be secure cannot be made to fail from outside: remove one of the two.");
        }
        List<ListeningPort> reachable = ports.stream()
                .flatMap(each -> each.list().stream())
                .filter(ListeningPort::beyondLoopback)
                .toList();
        if (reachable.isEmpty()) {
            return;
        }
        String names = String.join(
                " and ",
                reachable.stream()
                        .map(port -> port.name() + " (port " + port.port() + ")")
                        .toList());
        if (!allowed) {
            throw new WrongSettingException(
                    ENABLED + " is true, but other machines reach this server: " + names + ".",
                    "Remove it, or bind to this machine alone: spring.grpc.server.address, server.address and"
                            + " management.server.address 127.0.0.1. For a demo in a network of its own: " + ALLOWED
                            + "=true.");
        }
        LOG.warn("{} beyond this machine ({}): all who reach {} can make this server fail", ENABLED, ALLOWED, names);
    }
}
