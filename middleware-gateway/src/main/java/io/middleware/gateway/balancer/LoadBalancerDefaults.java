package io.middleware.gateway.balancer;

import io.middleware.core.directory.Directory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Beans of each service's own context. Not annotated, because it is no configuration of the application's context. */
class LoadBalancerDefaults {

    @Bean
    @ConditionalOnMissingBean
    ServiceInstanceListSupplier candidatesSupplier(Environment environment, ObjectProvider<Directory> directory) {
        return new CandidatesSupplier(LoadBalancerClientFactory.getName(environment), directory);
    }

    @Bean
    @ConditionalOnMissingBean(ReactiveLoadBalancer.class)
    ReactorServiceInstanceLoadBalancer powerOfTwoChoices(ServiceInstanceListSupplier supplier) {
        return new PowerOfTwoChoicesLoadBalancer(supplier);
    }
}
