package io.middleware.gateway.balancer;

import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/**
 * Supplies the instances that a load balancer may choose from: those that the core found eligible for this attempt, in
 * the list that it keeps ready.
 */
public final class CandidatesSupplier implements ServiceInstanceListSupplier {
    private final String service;
    private final ObjectProvider<Directory> directory;

    /** {@code directory}: for calls without a request; it does not exist yet when the first supplier is made. */
    public CandidatesSupplier(String service, ObjectProvider<Directory> directory) {
        this.service = service;
        this.directory = directory;
    }

    @Override
    public String getServiceId() {
        return service;
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by the interface
    public Flux<List<ServiceInstance>> get(Request request) {
        return request instanceof CandidatesRequest candidates
                ? Flux.just(serviceInstances(candidates.candidates()))
                : get();
    }

    /** Returns the instances that the first attempt of a call could use at the moment. */
    @Override
    public Flux<List<ServiceInstance>> get() {
        return Flux.fromStream(() -> directory.getObject().routes().values().stream()
                .map(Route::service)
                .filter(candidate -> candidate.name().equals(service))
                .limit(1)
                .map(Service::candidates)
                .map(candidates -> serviceInstances(candidates.best(List.of()))));
    }

    @SuppressWarnings(
            "unchecked") // each instance of the directory is a GatewayInstance; a copy of the list would cost each call
    private static List<ServiceInstance> serviceInstances(List<Instance> candidates) {
        return (List<ServiceInstance>) (List<?>) candidates;
    }
}
