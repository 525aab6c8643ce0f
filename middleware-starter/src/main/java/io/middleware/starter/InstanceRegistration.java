package io.middleware.starter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.context.ApplicationContext;
import org.springframework.util.StringUtils;

/** The entry of an instance in Consul. It is complete once the gRPC server listens. */
class InstanceRegistration extends ConsulAutoRegistration implements AddressAware {

    private final InstanceProperties instance;
    private final MachineAddress address;
    private final HeartbeatProperties heartbeat;

    /**
     * @param stock   the library's own registration, of which the application's name, tags and metadata are kept
     * @param address where this instance is reached
     * @throws IllegalArgumentException if the check or the heartbeat is turned off
     */
    InstanceRegistration(
            NewService stock,
            InstanceProperties instance,
            MachineAddress address,
            AutoServiceRegistrationProperties autoProperties,
            ConsulDiscoveryProperties discovery,
            ApplicationContext context,
            HeartbeatProperties heartbeat) {
        super(new WeightedService(stock, instance.weight()), autoProperties, discovery, context, heartbeat, List.of());
        this.instance = instance;
        this.address = address;
        this.heartbeat = heartbeat;
        if (!discovery.isRegisterHealthCheck() || !heartbeat.isEnabled()) {
            throw new IllegalArgumentException(
                    "an instance is kept in Consul by its heartbeat: expected true for "
                            + "spring.cloud.consul.discovery.register-health-check and spring.cloud.consul.discovery.heartbeat.enabled");
        }
        NewService service = getService();
        service.setAddress(address.now(null));
        service.setId(instance.id() != null ? instance.id() : discovery.getInstanceId());
        service.setTags(tags(service.getTags(), instance.pool()));
    }

    private static List<String> tags(List<String> own, Pool pool) {
        List<String> tags = new ArrayList<>(own);
        tags.add("middleware");
        tags.add(pool.tag());
        return tags;
    }

    @Override
    public String currentAddress() {
        return address.now(getService().getAddress());
    }

    /** Completes the entry with what only the running server knows. */
    void onServerStarted(int port, Collection<String> grpcServices) {
        NewService service = getService();
        initializePort(port);
        service.setCheck(new NotedCheck(service.getCheck(), heartbeat));
        // otherwise the check is critical until the first heartbeat
        service.getCheck().setStatus("passing");
        if (!StringUtils.hasText(service.getId())) {
            service.setId(normalizeForDns(service.getName() + "-" + service.getAddress() + "-" + service.getPort()));
        }
        Map<String, String> metadata = new LinkedHashMap<>(service.getMeta());
        metadata.putAll(GrpcServices.metadata(grpcServices));
        if (Boolean.TRUE.equals(instance.idempotencyKeys())) {
            metadata.put("idempotency-keys", "true");
        }
        if (instance.sticky() != null) {
            metadata.put("sticky", instance.sticky());
        }
        service.setMeta(metadata);
    }

    /** Adds metadata to the entry; what the application has set itself stays. */
    void addMetadata(Map<String, String> more) {
        Map<String, String> metadata = new LinkedHashMap<>(more);
        metadata.putAll(getService().getMeta());
        getService().setMeta(metadata);
    }
}
