package io.middleware.starter;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.cloud.consul.ConditionalOnConsulEnabled;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration.ConsulClientSettings;
import org.springframework.cloud.consul.ConsulClient;
import org.springframework.cloud.consul.ConsulProperties;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.discovery.ReregistrationPredicate;
import org.springframework.cloud.consul.serviceregistry.ApplicationStatusProvider;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoServiceRegistrationAutoConfiguration;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistrationCustomizer;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration;
import org.springframework.cloud.consul.support.ConsulHeartbeatAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;

/** The instance's side of Consul, in place of the parts of Spring Cloud Consul that know web servers only. */
@AutoConfiguration(before = {ConsulHeartbeatAutoConfiguration.class, ConsulServiceRegistryAutoConfiguration.class,
        ConsulAutoServiceRegistrationAutoConfiguration.class}, after = ConsulAutoConfiguration.class)
@ConditionalOnConsulEnabled
@ConditionalOnBooleanProperty(name = "middleware.instance.enabled", matchIfMissing = true)
@EnableConfigurationProperties({InstanceProperties.class, AutoServiceRegistrationProperties.class})
final class ConsulInstanceAutoConfiguration {

    /** Both well below a check's TTL, so that a frozen Consul costs beats and not the registration. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    /**
     * Consul for the heartbeat: errors are thrown, and an answer that does not come is one. The library's own client does
     * neither, and stays as it is for others, who may wait longer for an answer (long polls).
     */
    @Bean(defaultCandidate = false)
    ConsulClient instanceConsulClient(ConsulClientSettings consul) {
        HttpClientSettings tls = Objects.requireNonNullElseGet(consul.httpClientSettings(), HttpClientSettings::defaults);
        return ConsulAutoConfiguration.createNewConsulClient(RestClientAdapter.create(RestClient.builder()
                .baseUrl(consul.baseUrl())
                .requestFactory(ClientHttpRequestFactoryBuilder.simple().build(tls.withTimeouts(CONNECT_TIMEOUT, READ_TIMEOUT)))
                .build()));
    }

    @Bean
    Outage consulOutage(ConsulProperties consul) {
        return new Outage(consul.getHost() + ":" + consul.getPort(), InstantSource.system());
    }

    @Bean
    Heartbeat heartbeat(HeartbeatProperties heartbeat, ConsulDiscoveryProperties discovery,
            @Qualifier("instanceConsulClient") ConsulClient consul, ObjectProvider<ReregistrationPredicate> forgotten,
            ObjectProvider<ApplicationStatusProvider> status, Outage outage) {
        return new Heartbeat(heartbeat, discovery, consul, forgotten.getIfAvailable(() -> ReregistrationPredicate.DEFAULT),
                status, outage, InstantSource.system());
    }

    @Bean
    InstanceRegistry instanceRegistry(@Qualifier("instanceConsulClient") ConsulClient consul, ConsulDiscoveryProperties discovery,
            HeartbeatProperties properties, Heartbeat heartbeat) {
        return new InstanceRegistry(consul, discovery, properties, heartbeat);
    }

    @Bean
    InstanceRegistration instanceRegistration(InstanceProperties instance, AutoServiceRegistrationProperties autoProperties,
            ConsulDiscoveryProperties discovery, HeartbeatProperties heartbeat, ApplicationContext context,
            ObjectProvider<List<ConsulRegistrationCustomizer>> customizers) {
        ConsulAutoRegistration stock = ConsulAutoRegistration.registration(autoProperties, discovery, context,
                customizers.getIfAvailable(), null, heartbeat);
        return new InstanceRegistration(stock.getService(), instance, boundTo(context), autoProperties, discovery, context,
                heartbeat);
    }

    private static String boundTo(ApplicationContext context) {
        InetAddress address = context.getEnvironment().getProperty("spring.grpc.server.address", InetAddress.class);
        return address == null || address.isAnyLocalAddress() ? null : address.getHostAddress();
    }

    @Bean
    @ConditionalOnMissingBean
    Pause drainPause() {
        return Thread::sleep;
    }

    @Bean
    InstanceLifecycle instanceLifecycle(InstanceRegistry registry, InstanceRegistration registration, InstanceProperties instance,
            Pause pause, AutoServiceRegistrationProperties autoProperties, ConsulDiscoveryProperties discovery,
            ApplicationContext context) {
        return new InstanceLifecycle(registry, registration, instance, pause, autoProperties, discovery, context);
    }
}
