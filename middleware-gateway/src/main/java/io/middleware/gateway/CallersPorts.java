package io.middleware.gateway;

import io.middleware.starter.exposure.ListeningPort;
import io.middleware.starter.exposure.ListeningPort.Guard;
import io.middleware.starter.exposure.ListeningPorts;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The two ports of callers, and what guards them: TLS with certificates of Nginx and other gateways, and rules for callers. */
@Component
final class CallersPorts implements ListeningPorts {
    private static final String BUNDLE = "middleware.gateway.tls.callers.bundle";
    private static final String RULES = "middleware.security.rules";

    private final Environment environment;
    private final GatewaySettings settings;

    CallersPorts(Environment environment, GatewaySettings settings) {
        this.environment = environment;
        this.settings = settings;
    }

    @Override
    public List<ListeningPort> list() {
        return List.of(
                port("HTTP", environment.getRequiredProperty("server.port", Integer.class)),
                port("gRPC", settings.grpc().port()));
    }

    private ListeningPort port(String name, int port) {
        return new ListeningPort(
                name,
                environment.getProperty("server.address"),
                port,
                new Guard(isSet(BUNDLE), "without TLS", BUNDLE),
                new Guard(isSet(RULES), "for any caller", RULES));
    }

    private boolean isSet(String name) {
        return !environment.getProperty(name, "").isBlank();
    }
}
