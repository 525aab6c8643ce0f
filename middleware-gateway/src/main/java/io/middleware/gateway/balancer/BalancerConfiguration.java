package io.middleware.gateway.balancer;

import io.middleware.core.Balancer;
import io.middleware.core.Directory;
import io.middleware.core.PowerOfTwoChoices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A balancer for each service, made when the service appears.
 * {@code @LoadBalancerClient(name = "a-service", configuration = ...)} gives one its own load balancer, supplier, or both.
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
        } catch (BeansException wrong) {
            log.error(
                    "the load balancer for {} cannot be made: {}; power of two choices is used",
                    service,
                    wrong.getMostSpecificCause().getMessage());
        }
        return new PowerOfTwoChoices();
    }
}
