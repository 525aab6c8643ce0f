package io.middleware.gateway.balancer;

import io.middleware.core.Instance;
import java.util.List;
import org.springframework.cloud.client.loadbalancer.Request;

/** Asks a load balancer for one of these; they are the request's context. */
record CandidatesRequest(List<Instance> candidates) implements Request<List<Instance>> {
    @Override
    public List<Instance> getContext() {
        return candidates;
    }
}
