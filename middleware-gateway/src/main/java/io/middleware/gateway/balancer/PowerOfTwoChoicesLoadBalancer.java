package io.middleware.gateway.balancer;

import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.instance.Instance;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Mono;

/** {@link PowerOfTwoChoices} for Spring Cloud: the default load balancer of each service. */
final class PowerOfTwoChoicesLoadBalancer implements ReactorServiceInstanceLoadBalancer {
    private final PowerOfTwoChoices choices = new PowerOfTwoChoices();
    private final ServiceInstanceListSupplier supplier;
    private final boolean unfiltered;

    PowerOfTwoChoicesLoadBalancer(ServiceInstanceListSupplier supplier) {
        this.supplier = supplier;
        this.unfiltered = supplier instanceof CandidatesSupplier;
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by the interface
    public Mono<Response<ServiceInstance>> choose(Request request) {
        // the request already holds what our own supplier would return: no pipeline for each call
        if (unfiltered && request instanceof CandidatesRequest(List<Instance> candidates, Choice choice)) {
            return ((GatewayInstance) choices.choose(candidates, choice)).chosen();
        }
        return supplier.get(request).next().flatMap(this::among);
    }

    private Mono<Response<ServiceInstance>> among(List<ServiceInstance> instances) {
        List<Instance> known = instances.stream()
                .filter(GatewayInstance.class::isInstance)
                .map(Instance.class::cast)
                .toList();
        return known.isEmpty() ? Mono.just(new EmptyResponse()) : ((GatewayInstance) choices.choose(known)).chosen();
    }
}
