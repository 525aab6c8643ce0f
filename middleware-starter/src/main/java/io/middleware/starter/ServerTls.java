package io.middleware.starter;

import io.middleware.starter.tls.CertificateBook;
import io.middleware.starter.tls.PeerNames;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.core.env.Environment;

/**
 * The TLS of the gRPC server. Spring gRPC reads its SSL bundle once, so the server gets another one in its place, which
 * follows the files and checks the names of callers.
 */
final class ServerTls implements BeanPostProcessor {
    private static final String BUNDLE = "spring.grpc.server.ssl.bundle";
    private static final String CALLERS = "middleware.instance.tls.callers";
    private static final String CURRENT = "middleware-instance-current";

    private final Environment environment;
    private final ObjectProvider<SslBundleRegistry> registry;
    private final ObjectProvider<CertificateBook> book;

    ServerTls(
            Environment environment, ObjectProvider<SslBundleRegistry> registry, ObjectProvider<CertificateBook> book) {
        this.environment = environment;
        this.registry = registry;
        this.book = book;
    }

    /** Returns what Consul is told of the port; empty if it is plain. */
    static Map<String, String> metadata(Environment environment) {
        return isOn(environment) ? Map.of("tls", "true") : Map.of();
    }

    private static boolean isOn(Environment environment) {
        return !environment.getProperty(BUNDLE, "").isBlank()
                && environment.getProperty("spring.grpc.server.ssl.enabled", Boolean.class, true);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof GrpcServerProperties server && isOn(environment)) {
            String bundle = environment.getRequiredProperty(BUNDLE).strip();
            registry.getObject()
                    .registerBundle(CURRENT, book.getObject().of(bundle, BUNDLE).bundle(callers()));
            server.getSsl().setBundle(CURRENT);
        }
        return bean;
    }

    private PeerNames callers() {
        return new PeerNames(Binder.get(environment)
                .bind(CALLERS, Bindable.listOf(String.class))
                .orElse(List.of(InstanceProperties.Tls.GATEWAYS)));
    }
}
