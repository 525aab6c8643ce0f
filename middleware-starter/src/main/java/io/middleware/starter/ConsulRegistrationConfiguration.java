package io.middleware.starter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration.ConsulClientSettings;
import org.springframework.cloud.consul.ConsulClient;
import org.springframework.cloud.consul.ConsulProperties;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.discovery.ReregistrationPredicate;
import org.springframework.cloud.consul.serviceregistry.ApplicationStatusProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;

/**
 * Lists a server in Consul and keeps it there: a registry in place of Spring Cloud Consul's own, which gives up when
 * Consul is away or has forgotten the server. For applications to import that are no instances but register something
 * of theirs; not annotated, so that nobody gets it by a component scan.
 */
public class ConsulRegistrationConfiguration {

    /** Both well below a check's TTL, so that a frozen Consul costs beats and not the registration. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    /**
     * Consul for the heartbeat: errors are thrown, and an answer that does not come is one. The library's own client
     * does neither, and stays as it is for others, who may wait longer for an answer (long polls).
     */
    @Bean(defaultCandidate = false)
    ConsulClient instanceConsulClient(ConsulClientSettings consul) {
        HttpClientSettings tls =
                Objects.requireNonNullElseGet(consul.httpClientSettings(), HttpClientSettings::defaults);
        return ConsulAutoConfiguration.createNewConsulClient(RestClientAdapter.create(RestClient.builder()
                .baseUrl(consul.baseUrl())
                .requestFactory(
                        ClientHttpRequestFactoryBuilder.simple().build(tls.withTimeouts(CONNECT_TIMEOUT, READ_TIMEOUT)))
                .build()));
    }

    @Bean
    ConsulReachability consulReachability(ConsulProperties consul, ObjectProvider<HeartbeatListener> listeners) {
        return new ConsulReachability(
                consul.getHost() + ":" + consul.getPort(),
                InstantSource.system(),
                listeners.stream().toList());
    }

    @Bean
    @ConditionalOnMissingBean
    MachineAddress machineAddress(InetUtils network, ConsulProperties consul) {
        return new AddressTowardsConsul(network, consul.getHost(), consul.getPort());
    }

    @Bean
    HeartbeatScheduler heartbeat(
            HeartbeatProperties heartbeat,
            ConsulDiscoveryProperties discovery,
            @Qualifier("instanceConsulClient") ConsulClient consul,
            ObjectProvider<ReregistrationPredicate> forgotten,
            ObjectProvider<ApplicationStatusProvider> status,
            ConsulReachability reachability) {
        return new HeartbeatScheduler(
                heartbeat,
                discovery,
                consul,
                forgotten.getIfAvailable(() -> ReregistrationPredicate.DEFAULT),
                status,
                reachability,
                InstantSource.system());
    }

    @Bean
    InstanceRegistry instanceRegistry(
            @Qualifier("instanceConsulClient") ConsulClient consul,
            ConsulDiscoveryProperties discovery,
            HeartbeatProperties properties,
            HeartbeatScheduler heartbeat) {
        return new InstanceRegistry(consul, discovery, properties, heartbeat);
    }
}
