package io.middleware.gateway.balancer;

import io.middleware.core.instance.Instance;
import java.util.List;
import org.springframework.cloud.client.loadbalancer.Request;

/** A request to a load balancer to choose one of the candidates, which are its context. */
record CandidatesRequest(List<Instance> candidates) implements Request<List<Instance>> {
    @Override
    public List<Instance> getContext() {
        return candidates;
    }
}
