package io.middleware.starter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.cloud.consul.ConditionalOnConsulEnabled;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryClientConfiguration;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.discovery.reactive.ConsulReactiveDiscoveryClientConfiguration;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration;
import org.springframework.cloud.consul.support.ConsulHeartbeatAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * The settings that Spring Cloud Consul provides only along with its discovery and its registry. Its own heartbeat, and
 * gateways, need them without those too.
 */
@AutoConfiguration(
        after = {
            ConsulDiscoveryClientConfiguration.class,
            ConsulReactiveDiscoveryClientConfiguration.class,
            ConsulHeartbeatAutoConfiguration.class,
            ConsulServiceRegistryAutoConfiguration.class
        })
@ConditionalOnConsulEnabled
final class ConsulSettingsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ConsulDiscoveryProperties consulDiscoveryProperties(InetUtils network) {
        return new ConsulDiscoveryProperties(network);
    }

    @Bean
    @ConditionalOnMissingBean
    HeartbeatProperties heartbeatProperties() {
        return new HeartbeatProperties();
    }
}
