package io.middleware.gateway.balancer;

import io.middleware.core.Balancer;
import io.middleware.core.Instance;
import io.middleware.core.PowerOfTwoChoices;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;

/**
 * Has a service's load balancer choose. A call cannot wait for that, nor go without an instance: a load balancer that does not
 * name a candidate at once is stood in for by {@link PowerOfTwoChoices}, with one warning.
 */
final class SpringCloudBalancer implements Balancer {
    private static final Logger log = LoggerFactory.getLogger(SpringCloudBalancer.class);

    private final String service;
    private final ReactorServiceInstanceLoadBalancer loadBalancer;
    private final Balancer standIn = new PowerOfTwoChoices();
    private final AtomicBoolean warned = new AtomicBoolean();

    SpringCloudBalancer(String service, ReactorServiceInstanceLoadBalancer loadBalancer) {
        this.service = service;
        this.loadBalancer = loadBalancer;
    }

    @Override
    public Instance choose(List<Instance> candidates) {
        String problem;
        try {
            Response<ServiceInstance> response =
                    NonBlockingMono.of(loadBalancer.choose(new CandidatesRequest(candidates)));
            ServiceInstance named = response == null ? null : response.getServer();
            Instance chosen = candidate(named, candidates);
            if (chosen != null) {
                return chosen;
            }
            problem =
                    response == null ? "does not choose at once" : named == null ? "chooses none" : "chooses " + named;
        } catch (Exception failed) {
            problem = "fails: " + failed;
        }
        if (warned.compareAndSet(false, true)) {
            log.warn(
                    "{} of {} {} (expected, at once: one of {}); power of two choices stands in",
                    loadBalancer.getClass().getName(),
                    service,
                    problem,
                    candidates);
        }
        return standIn.choose(candidates);
    }

    /** The candidate that is meant, which may be wrapped or described anew; null if it is none. */
    private static Instance candidate(ServiceInstance named, List<Instance> candidates) {
        if (named == null) {
            return null;
        }
        for (int i = 0; i < candidates.size(); i++) {
            Instance candidate = candidates.get(i);
            if (candidate == named || candidate.id().equals(named.getInstanceId())) {
                return candidate;
            }
        }
        return null;
    }
}
