package io.middleware.starter.exposure;

import io.middleware.starter.exposure.ListeningPort.Guard;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** The port of actuator: its own, or the one of the application's web server. */
final class ManagementPort implements ListeningPorts {

    /** Filters of Spring Security, in both kinds of web applications; by default they ask for a password. */
    private static final List<String> FILTERS = List.of(
            "org.springframework.security.web.SecurityFilterChain",
            "org.springframework.security.web.server.SecurityWebFilterChain");

    private final Environment environment;
    private final ListableBeanFactory beans;

    ManagementPort(Environment environment, ListableBeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public List<ListeningPort> list() {
        int server = environment.getProperty("server.port", Integer.class, 8080);
        int port = environment.getProperty("management.server.port", Integer.class, server);
        if (port < 0 || server < 0 && port == server) {
            return List.of();
        }
        boolean shared = port == server && port != 0;
        String prefix = shared ? "server" : "management.server";
        return List.of(new ListeningPort(
                "management",
                environment.getProperty(prefix + ".address"),
                port,
                new Guard(tls(prefix + ".ssl"), "without TLS", prefix + ".ssl.bundle"),
                new Guard(
                        "need".equalsIgnoreCase(set(prefix + ".ssl.client-auth")) || password(),
                        "for anyone",
                        prefix + ".ssl.client-auth=need, or Spring Security")));
    }

    private boolean tls(String prefix) {
        return environment.getProperty(prefix + ".enabled", Boolean.class, true)
                && Stream.of(".bundle", ".certificate", ".key-store").anyMatch(name -> set(prefix + name) != null);
    }

    private @Nullable String set(String name) {
        String value = environment.getProperty(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private boolean password() {
        return FILTERS.stream()
                .filter(name -> ClassUtils.isPresent(name, null))
                .map(name -> ClassUtils.resolveClassName(name, null))
                .anyMatch(type -> beans.getBeanNamesForType(type, true, false).length > 0);
    }
}
