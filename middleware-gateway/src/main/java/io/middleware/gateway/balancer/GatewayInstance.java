package io.middleware.gateway.balancer;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.InstanceGroup;
import io.middleware.core.instance.Registration;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.Response;
import reactor.core.publisher.Mono;

/** An instance that is also Spring Cloud's, so that the core's candidates go to a load balancer without a copy. */
public final class GatewayInstance extends Instance implements ServiceInstance {
    private final Mono<Response<ServiceInstance>> chosen = Mono.just(new DefaultResponse(this));

    public GatewayInstance(InstanceGroup group, Registration registration) {
        super(group, registration);
    }

    /** Returns the response of a load balancer that has chosen this instance. */
    Mono<Response<ServiceInstance>> chosen() {
        return chosen;
    }

    @Override
    public String getInstanceId() {
        return id();
    }

    @Override
    public String getServiceId() {
        return serviceName();
    }

    @Override
    public String getHost() {
        return registration().host();
    }

    @Override
    public int getPort() {
        return registration().port();
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public URI getUri() {
        String host = getHost();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + getPort());
    }

    /** Returns the pool and the weight, the latter by the name that Spring Cloud's weighted supplier reads. */
    @Override
    public Map<String, String> getMetadata() {
        Registration registration = registration();
        return Map.of(
                "pool",
                registration.pool().name().toLowerCase(Locale.ROOT),
                "weight",
                Integer.toString(registration.weight()));
    }
}
