package io.middleware.gateway.balancer;

import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes a balancer for each service when the service appears. With
 * {@code @LoadBalancerClient(name = "a-service", configuration = ...)} a service gets its own load balancer, supplier,
 * or both.
 */
@Configuration(proxyBeanMethods = false)
@LoadBalancerClients(defaultConfiguration = LoadBalancerDefaults.class)
class BalancerConfiguration {
    private static final Logger log = LoggerFactory.getLogger(BalancerConfiguration.class);

    @Bean
    Directory.BalancerFactory balancerFactory(LoadBalancerClientFactory contexts) {
        return service -> balancer(service, contexts);
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
