package io.middleware.starter;

import io.middleware.starter.tls.CertificateBook;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
 * Registers a server in Consul and keeps it there. Replaces Spring Cloud Consul's own registry, which gives up when
 * Consul is away or has lost the server. To be imported by applications that are not instances but register something
 * else. Not annotated, so that no component scan finds it.
 */
@EnableConfigurationProperties(ConsulTokenProperties.class)
public class ConsulRegistrationConfiguration {

    /** Well below a check's TTL, so that a frozen Consul costs heartbeats and not the registration. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    /** The token for all requests to Consul, of this configuration and of those who import it. */
    @Bean
    ConsulToken consulToken(ConsulTokenProperties settings, ConsulDiscoveryProperties discovery) {
        return settings.tokenOr(discovery.getAclToken());
    }

    @Bean
    ConsulTokenHeader consulTokenHeader(ConsulToken token) {
        return new ConsulTokenHeader(token);
    }

    @Bean
    ConsulTls consulTls(ConsulTokenProperties settings, ConsulProperties consul, ObjectProvider<CertificateBook> book) {
        return ConsulTls.of(settings.tls(), consul.getHost(), book);
    }

    /**
     * The client for the heartbeat. It throws errors, and a timeout is one. The library's own client does neither, and
     * stays as it is for others, which may wait longer for a response (long polls).
     */
    @Bean(defaultCandidate = false)
    ConsulClient instanceConsulClient(ConsulClientSettings consul, ConsulTls secured, ConsulTokenHeader token) {
        HttpClientSettings tls =
                Objects.requireNonNullElseGet(consul.httpClientSettings(), HttpClientSettings::defaults);
        if (secured.bundle() != null) {
            tls = tls.withSslBundle(secured.bundle());
        }
        return ConsulAutoConfiguration.createNewConsulClient(RestClientAdapter.create(RestClient.builder()
                .baseUrl(consul.baseUrl())
                .requestFactory(
                        ClientHttpRequestFactoryBuilder.simple().build(tls.withTimeouts(CONNECT_TIMEOUT, READ_TIMEOUT)))
                .requestInterceptor(token)
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
            ConsulTokenHeader token,
            ObjectProvider<ReregistrationPredicate> forgotten,
            ObjectProvider<ApplicationStatusProvider> status,
            ConsulReachability reachability) {
        return new HeartbeatScheduler(
                heartbeat,
                discovery,
                consul,
                token::accepted,
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
