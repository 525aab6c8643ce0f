package io.middleware.starter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.consul.ConsulClient;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistration;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistry;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClientException;

/**
 * Joins and leaves Consul. Neither fails while Consul cannot be reached: the heartbeat keeps trying to register, and the TTL of
 * the check removes the entry.
 */
@SuppressWarnings("unchecked") // ConsulServiceRegistry.getStatus overrides a generic method unchecked
class InstanceRegistry extends ConsulServiceRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceRegistry.class);

    private final HeartbeatScheduler heartbeat;

    InstanceRegistry(
            ConsulClient consul,
            ConsulDiscoveryProperties discovery,
            HeartbeatProperties properties,
            HeartbeatScheduler heartbeat) {
        super(consul, discovery, heartbeat, properties);
        this.heartbeat = heartbeat;
    }

    @Override
    public void register(ConsulRegistration registration) {
        if (registration instanceof AddressAware server) {
            heartbeat.add(registration.getService(), server::currentAddress);
        } else {
            heartbeat.add(registration.getService());
        }
    }

    @Override
    public void deregister(ConsulRegistration registration) {
        try {
            super.deregister(registration);
        } catch (HttpClientErrorException.NotFound alreadyGone) {
            LOG.debug("Consul did not know {}", registration.getInstanceId());
        } catch (RestClientException away) {
            LOG.warn(
                    "could not deregister {} from Consul, its check will expire: {}",
                    registration.getInstanceId(),
                    ServiceHeartbeat.reason(away));
        }
    }
}
