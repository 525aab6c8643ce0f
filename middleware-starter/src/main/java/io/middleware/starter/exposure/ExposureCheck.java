package io.middleware.starter.exposure;

import io.middleware.starter.WrongSettingException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Says in one line which ports are open to the network, before any of them is opened; where security is required, refuses
 * the start instead.
 */
final class ExposureCheck implements SmartInitializingSingleton {

    static final String REQUIRED = "middleware.security.required";

    private static final Logger LOG = LoggerFactory.getLogger(ExposureCheck.class);
    private static final String ON_LOOPBACK =
            "For this machine alone: server.address, management.server.address and spring.grpc.server.address"
                    + " 127.0.0.1";

    private final boolean required;
    private final Supplier<List<ListeningPort>> ports;

    ExposureCheck(boolean required, Supplier<List<ListeningPort>> ports) {
        this.required = required;
        this.ports = ports;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<ListeningPort> open =
                ports.get().stream().filter(ListeningPort::open).toList();
        if (open.isEmpty()) {
            return;
        }
        String all = open.stream().map(ListeningPort::describe).collect(Collectors.joining("; "));
        if (required) {
            throw new WrongSettingException(
                    REQUIRED + " is true, but open to the network: " + all + ".",
                    "Turn on what is named in parentheses. " + ON_LOOPBACK + ".");
        }
        LOG.warn("OPEN TO THE NETWORK: {}. {}. To refuse such a start: {}=true", all, ON_LOOPBACK, REQUIRED);
    }
}
