package io.middleware.starter;

import java.util.Map;
import org.springframework.context.ApplicationContext;

/** Where an application's metrics are, as stored in Consul's metadata: Prometheus finds its targets there. */
public final class MetricsMetadata {

    /** The port of the page at {@code /actuator/prometheus}. */
    public static final String PORT = "metrics-port";

    private static final String LOCAL_PORT = "local.management.port";
    private static final String ENDPOINT = "prometheusEndpoint";

    private MetricsMetadata() {}

    /** Returns it for an application whose web servers have started; empty if it does not expose that page. */
    public static Map<String, String> of(ApplicationContext application) {
        String port = application.getEnvironment().getProperty(LOCAL_PORT);
        return port != null && application.containsBean(ENDPOINT) ? Map.of(PORT, port) : Map.of();
    }
}
