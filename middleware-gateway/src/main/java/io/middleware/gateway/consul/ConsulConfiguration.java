package io.middleware.gateway.consul;

import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.GatewaySettings;
import io.middleware.starter.ConsulRegistrationConfiguration;
import io.middleware.starter.ConsulTls;
import io.middleware.starter.ConsulToken;
import io.middleware.starter.MetricsMetadata;
import io.middleware.starter.RegistrationSwitches;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.consul.ConsulAutoConfiguration.ConsulClientSettings;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The watch and the registration. Both reach Consul by the {@code spring.cloud.consul.*} properties. */
@Configuration(proxyBeanMethods = false)
@Import(ConsulRegistrationConfiguration.class)
class ConsulConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulConfiguration.class);

    @Bean
    ConsulHttp consulHttp(ConsulClientSettings consul, ConsulTls secured, ConsulToken token, GatewaySettings settings) {
        return new ConsulHttp(
                URI.create(consul.baseUrl()),
                secured.bundle() != null ? secured.bundle().createSslContext() : tls(consul.httpClientSettings()),
                token,
                settings.consul().longestWait(),
                settings.consul().cached());
    }

    @Bean
    ConsulWatch consulWatch(ConsulHttp http, ConsulClientSettings consul, Directory directory, Ticker ticker) {
        return new ConsulWatch(http, directory, new ConsulReachability(consul.baseUrl(), ticker));
    }

    @Bean
    SubsetWatch subsetWatch(ConsulHttp http, Directory directory, GatewayIdentity identity, GatewaySettings settings) {
        return new SubsetWatch(
                http, directory, identity.id(), settings.connections().instancesPerPool());
    }

    @Bean
    RegistryLookup registryLookup(ConsulHttp http, ConsulWatch watch) {
        return new ConsulLookup(http, watch);
    }

    @Bean
    KeyValues keyValues(ConsulHttp http) {
        return new ConsulKeyValues(http);
    }

    @Bean
    DirectoryHealthIndicator directoryHealthIndicator(Directory directory, ConsulWatch watch, ConsulToken token) {
        return new DirectoryHealthIndicator(directory, watch.reachability(), token, InstantSource.system());
    }

    @Bean
    MeterBinder directoryAge(ConsulWatch watch) {
        return meters -> TimeGauge.builder(
                        "middleware.directory.age",
                        watch,
                        TimeUnit.MILLISECONDS,
                        it -> it.reachability().age().toMillis())
                .description("Age of the last response from Consul; 0 while it responds")
                .register(meters);
    }

    @Bean
    GatewayRegistration gatewayRegistration(
            ServiceRegistry<ConsulRegistration> registry,
            ConsulDiscoveryProperties discovery,
            HeartbeatProperties heartbeat,
            GatewayIdentity identity,
            GatewaySettings settings,
            ApplicationEventPublisher events,
            ApplicationContext application) {
        Optional<String> off = RegistrationSwitches.off(application.getEnvironment());
        off.ifPresent(name -> LOG.info("this gateway is not listed in Consul: {} is false", name));
        return new GatewayRegistration(
                registry,
                discovery,
                heartbeat,
                identity,
                settings.drainDelay(),
                events,
                off.isEmpty(),
                () -> MetricsMetadata.of(application));
    }

    private static @Nullable SSLContext tls(@Nullable HttpClientSettings settings) {
        return settings == null || settings.sslBundle() == null
                ? null
                : settings.sslBundle().createSslContext();
    }
}
