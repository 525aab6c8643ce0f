package io.middleware.gateway.balancer;

import io.middleware.core.balancing.Choice;
import io.middleware.core.instance.Instance;
import java.util.List;
import org.springframework.cloud.client.loadbalancer.Request;

/** A request to a load balancer to choose one of the candidates, which are its context, and to say how. */
record CandidatesRequest(List<Instance> candidates, Choice choice) implements Request<List<Instance>> {
    @Override
    public List<Instance> getContext() {
        return candidates;
    }
}
