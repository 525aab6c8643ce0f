package io.middleware.starter;

import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.middleware.starter.tls.CertificateBook;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;

/**
 * The gRPC server of an instance: a virtual thread for each call, flow control for large streams, and truthful health.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "middleware.instance.enabled", matchIfMissing = true)
final class GrpcInstanceAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcInstanceAutoConfiguration.class);

    /** Bytes of a stream, and of a connection, in flight before the receiver must acknowledge. */
    private static final int FLOW_CONTROL_WINDOW = 1024 * 1024;

    @Bean
    @ConditionalOnMissingBean
    GrpcServerExecutorProvider virtualThreadPerCall() {
        var executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-call-", 0).factory());
        return () -> executor;
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> instanceFlowControl() {
        return builder -> builder.flowControlWindow(FLOW_CONTROL_WINDOW);
    }

    @Bean
    @GlobalServerInterceptor
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CallIdInLogs callIdInLogs() {
        return new CallIdInLogs();
    }

    @Bean
    static BeanPostProcessor serverTls(
            Environment environment, ObjectProvider<SslBundleRegistry> registry, ObjectProvider<CertificateBook> book) {
        return new ServerTls(environment, registry, book);
    }

    @Bean
    static BeanPostProcessor requestParsing() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof GrpcServiceConfigurer services ? checked(services) : bean;
            }
        };
    }

    private static GrpcServiceConfigurer checked(GrpcServiceConfigurer services) {
        return (service, server) -> RequestParsing.checked(services.configure(service, server));
    }

    @Bean
    ApplicationListener<GrpcServerStartedEvent> unregisteredServer(Environment environment) {
        return event -> RegistrationSwitches.off(environment)
                .ifPresent(name -> LOG.info("this server is not registered in Consul: {} is false", name));
    }

    @Bean
    InstanceHealthIndicator instanceHealthIndicator(
            ObjectProvider<GrpcServerLifecycle> servers,
            ObjectProvider<InstanceRegistration> registration,
            ObjectProvider<ConsulReachability> reachability,
            ObjectProvider<ConsulToken> token) {
        return new InstanceHealthIndicator(
                () -> servers.stream().anyMatch(GrpcServerLifecycle::isRunning),
                () -> Optional.ofNullable(registration.getIfAvailable()),
                () -> Optional.ofNullable(reachability.getIfAvailable()),
                () -> Optional.ofNullable(token.getIfAvailable()).flatMap(ConsulToken::problem));
    }

    /** Clients that watch grpc.health.v1.Health learn of the shutdown before the drain begins, not at its end. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ApplicationListener<GrpcServerShutdownEvent> grpcHealthOnShutdown(ObjectProvider<HealthStatusManager> health) {
        return event -> health.ifAvailable(HealthStatusManager::enterTerminalState);
    }
}
