package io.middleware.gateway.balancer;

import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes a balancer for each service when the service appears; in a context of its own only if something is configured for it. With
 * {@code @LoadBalancerClient(name = "a-service", configuration = ...)} a service gets its own load balancer, supplier,
 * or both.
 */
@Configuration(proxyBeanMethods = false)
@LoadBalancerClients(defaultConfiguration = LoadBalancerDefaults.class)
class BalancerConfiguration {
    private static final Logger log = LoggerFactory.getLogger(BalancerConfiguration.class);

    @Bean
    Directory.BalancerFactory balancerFactory(
            LoadBalancerClientFactory contexts,
            ObjectProvider<LoadBalancerClientSpecification> specifications,
            ObjectProvider<ReactiveLoadBalancer<ServiceInstance>> balancers,
            ObjectProvider<ServiceInstanceListSupplier> suppliers,
            ObjectProvider<Directory> directory) {
        return service -> {
            boolean ours = balancers.stream().findAny().isEmpty()
                    && suppliers.stream().findAny().isEmpty()
                    && specifications.stream().noneMatch(other -> changes(other, service));
            // a context for each of a thousand services would take more memory than all else
            return ours
                    ? new SpringCloudBalancer(
                            service, new PowerOfTwoChoicesLoadBalancer(new CandidatesSupplier(service, directory)))
                    : balancer(service, contexts);
        };
    }

    /** Returns whether the service's context would have something that is not from here. */
    private static boolean changes(LoadBalancerClientSpecification specification, String service) {
        return specification.getName().equals(service)
                || specification.getName().startsWith("default.")
                        && Stream.of(specification.getConfiguration())
                                .anyMatch(type -> type != LoadBalancerDefaults.class);
    }

    private static Balancer balancer(String service, LoadBalancerClientFactory contexts) {
        try {
            ReactorServiceInstanceLoadBalancer loadBalancer =
                    contexts.getInstance(service, ReactorServiceInstanceLoadBalancer.class);
            if (loadBalancer != null) {
                return new SpringCloudBalancer(service, loadBalancer);
            }
            log.error(
                    "the configuration for {} has no ReactorServiceInstanceLoadBalancer; power of two choices is used",
                    service);
        } catch (BeansException failed) {
            log.error(
                    "cannot create the load balancer for {}: {}; power of two choices is used",
                    service,
                    failed.getMostSpecificCause().getMessage());
        }
        return new PowerOfTwoChoices();
    }
}
