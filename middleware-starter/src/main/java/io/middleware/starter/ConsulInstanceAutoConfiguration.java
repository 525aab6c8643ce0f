package io.middleware.starter;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.cloud.consul.ConditionalOnConsulEnabled;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoServiceRegistrationAutoConfiguration;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistrationCustomizer;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration;
import org.springframework.cloud.consul.support.ConsulHeartbeatAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/** The instance's registration in Consul. Replaces the parts of Spring Cloud Consul that support web servers only. */
@AutoConfiguration(
        before = {
            ConsulHeartbeatAutoConfiguration.class,
            ConsulServiceRegistryAutoConfiguration.class,
            ConsulAutoServiceRegistrationAutoConfiguration.class
        },
        after = ConsulAutoConfiguration.class)
@ConditionalOnConsulEnabled
@ConditionalOnBooleanProperty(name = "middleware.instance.enabled", matchIfMissing = true)
@Conditional(RegistrationSwitches.AllOn.class)
@Import(ConsulRegistrationConfiguration.class)
@EnableConfigurationProperties({InstanceProperties.class, AutoServiceRegistrationProperties.class})
final class ConsulInstanceAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ConsulInstanceAutoConfiguration.class);

    @Bean
    InstanceRegistration instanceRegistration(
            InstanceProperties instance,
            AutoServiceRegistrationProperties autoProperties,
            ConsulDiscoveryProperties discovery,
            HeartbeatProperties heartbeat,
            ApplicationContext context,
            ObjectProvider<List<ConsulRegistrationCustomizer>> customizers,
            MachineAddress machine,
            InetUtils network) {
        ServiceName.require(context.getEnvironment(), discovery);
        ConsulAutoRegistration stock = ConsulAutoRegistration.registration(
                autoProperties, discovery, context, customizers.getIfAvailable(), null, heartbeat);
        MachineAddress address =
                address(instance.host(), boundTo(context), stock.getService().getAddress(), machine, network);
        return new InstanceRegistration(
                stock.getService(), instance, address, autoProperties, discovery, context, heartbeat);
    }

    /**
     * Returns the address that was set, here or in the library's settings. Only one that nobody set follows the
     * machine.
     */
    private static MachineAddress address(
            @Nullable String host, @Nullable String boundTo, String stock, MachineAddress machine, InetUtils network) {
        String set = host != null ? host : boundTo;
        if (set != null) {
            Thread.ofVirtual().name("host-lookup").start(() -> warnIfUnknown(set));
            return before -> set;
        }
        InetAddress found = network.findFirstNonLoopbackAddress();
        return found == null || found.getHostAddress().equals(stock) ? machine : before -> stock;
    }

    private static void warnIfUnknown(String host) {
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            LOG.warn(
                    "the host {} under which this server is registered cannot be resolved here: gateways that cannot resolve it "
                            + "either cannot reach this server (middleware.instance.host: expected an IP address or a name in DNS)",
                    host);
        }
    }

    private static @Nullable String boundTo(ApplicationContext context) {
        InetAddress address = context.getEnvironment().getProperty("spring.grpc.server.address", InetAddress.class);
        return address == null || address.isAnyLocalAddress() ? null : address.getHostAddress();
    }

    @Bean
    @ConditionalOnMissingBean
    Pause drainPause() {
        return Thread::sleep;
    }

    @Bean
    InstanceLifecycle instanceLifecycle(
            InstanceRegistry registry,
            InstanceRegistration registration,
            InstanceProperties instance,
            Pause pause,
            AutoServiceRegistrationProperties autoProperties,
            ConsulDiscoveryProperties discovery,
            ApplicationContext context) {
        return new InstanceLifecycle(registry, registration, instance, pause, autoProperties, discovery, context);
    }
}
