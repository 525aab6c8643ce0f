package io.middleware.gateway.balancer;

import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.instance.Instance;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;

/**
 * Lets a service's load balancer choose. A call can neither wait for the choice nor go without an instance. If the load
 * balancer does not choose a candidate at once, {@link PowerOfTwoChoices} does, with one warning.
 */
final class SpringCloudBalancer implements Balancer {
    private static final Logger log = LoggerFactory.getLogger(SpringCloudBalancer.class);

    private final String service;
    private final ReactorServiceInstanceLoadBalancer loadBalancer;
    private final Balancer fallback = new PowerOfTwoChoices();
    private final AtomicBoolean warned = new AtomicBoolean();

    SpringCloudBalancer(String service, ReactorServiceInstanceLoadBalancer loadBalancer) {
        this.service = service;
        this.loadBalancer = loadBalancer;
    }

    @Override
    public Instance choose(List<Instance> candidates) {
        return choose(candidates, new Choice());
    }

    @Override
    public Instance choose(List<Instance> candidates, Choice choice) {
        String problem;
        try {
            Response<ServiceInstance> response =
                    NonBlockingMono.of(loadBalancer.choose(new CandidatesRequest(candidates, choice)));
            @Nullable ServiceInstance chosen = response == null ? null : response.getServer();
            Instance candidate = candidate(chosen, candidates);
            if (candidate != null) {
                return candidate;
            }
            problem = response == null
                    ? "does not choose at once"
                    : chosen == null ? "chooses none" : "chooses " + chosen;
        } catch (Exception failed) {
            problem = "fails: " + failed;
        }
        if (warned.compareAndSet(false, true)) {
            log.warn(
                    "{} of {} {} (expected, at once: one of {}); power of two choices is used",
                    loadBalancer.getClass().getName(),
                    service,
                    problem,
                    candidates);
        }
        return fallback.choose(candidates, choice);
    }

    /** Returns the candidate that was chosen, which may be wrapped or a copy; null if it is none of them. */
    private static @Nullable Instance candidate(@Nullable ServiceInstance chosen, List<Instance> candidates) {
        if (chosen == null) {
            return null;
        }
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i) == chosen) {
                return candidates.get(i);
            }
        }
        for (int i = 0; i < candidates.size(); i++) {
            Instance candidate = candidates.get(i);
            if (candidate.id().equals(chosen.getInstanceId())) {
                return candidate;
            }
        }
        return null;
    }
}
