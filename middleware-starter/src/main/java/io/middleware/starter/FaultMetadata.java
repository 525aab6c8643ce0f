package io.middleware.starter;

import java.util.Map;
import org.springframework.context.ApplicationContext;

/** Where a server takes orders to fail on purpose, as stored in Consul's metadata: gateways pass on such orders there. */
final class FaultMetadata {

    /** The port of {@code POST /actuator/fault}. */
    static final String PORT = "faults-port";

    private static final String LOCAL_PORT = "local.management.port";
    private static final String ENDPOINT = "faultEndpoint";

    private FaultMetadata() {}

    /** Returns it for a server whose web servers have started; empty if it takes no such orders. */
    static Map<String, String> of(ApplicationContext application) {
        String port = application.getEnvironment().getProperty(LOCAL_PORT);
        return port != null && application.containsBean(ENDPOINT) ? Map.of(PORT, port) : Map.of();
    }
}
