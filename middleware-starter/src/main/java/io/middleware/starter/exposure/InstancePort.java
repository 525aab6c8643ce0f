package io.middleware.starter.exposure;

import io.middleware.starter.exposure.ListeningPort.Guard;
import java.util.List;
import org.springframework.core.env.Environment;

/** The port of an instance's gRPC server, as Spring gRPC is told to open it. */
final class InstancePort implements ListeningPorts {

    private static final String SSL = "spring.grpc.server.ssl.";

    private final Environment environment;

    InstancePort(Environment environment) {
        this.environment = environment;
    }

    @Override
    public List<ListeningPort> list() {
        String bundle = environment.getProperty(SSL + "bundle", "");
        boolean tls = environment.getProperty(SSL + "enabled", Boolean.class, !bundle.isBlank());
        boolean certificates = environment.getProperty(SSL + "client-auth", "").equalsIgnoreCase("require");
        return List.of(new ListeningPort(
                "gRPC",
                environment.getProperty("spring.grpc.server.address"),
                environment.getProperty("spring.grpc.server.port", Integer.class, 9090),
                new Guard(tls, "without TLS", SSL + "bundle"),
                new Guard(tls && certificates, "for any caller", SSL + "client-auth=require")));
    }
}
