package io.middleware.starter;

import io.middleware.starter.tls.HandshakeFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.consul.ConsulClient;
import org.springframework.cloud.consul.discovery.ReregistrationPredicate;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.cloud.consul.model.http.health.Check.CheckStatus;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.RestClientException;

/**
 * Keeps one service in Consul. Each heartbeat registers it if Consul does not have it, then reports its status:
 *
 * <pre>
 * heartbeat:  the address has changed -> register again, with the same id
 *             the token has changed   -> register again: Consul's agent keeps the token of the registration, and
 *                                        reports this service to the servers by it
 *             not registered          -> register
 *             report the status       -> Consul has no such check: register, report again
 *             Consul does not respond -> remember that, beat four times as often until it does
 * </pre>
 */
final class ServiceHeartbeat {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHeartbeat.class);

    /** What all heartbeats share; {@code forgotten} distinguishes Consul's "no such check" from other errors; {@code token}: the
     * one that Consul accepted last.
     */
    record Wiring(
            ConsulClient consul,
            Supplier<String> token,
            ReregistrationPredicate forgotten,
            Supplier<CheckStatus> status,
            Duration interval,
            InstantSource clock) {}

    private final NewService service;
    private final Supplier<String> address;
    private final Wiring wiring;
    private final ConsulReachability reachability;
    private boolean registered;
    private String registeredWith = "";
    private boolean stopped;

    ServiceHeartbeat(NewService service, Supplier<String> address, Wiring wiring, ConsulReachability reachability) {
        this.service = service;
        this.address = address;
        this.wiring = wiring;
        this.reachability = reachability;
    }

    /** Runs one heartbeat. Returns the time until the next. */
    synchronized Duration beat() {
        if (stopped) {
            return wiring.interval();
        }
        try {
            followAddress();
            followToken();
            if (!registered) {
                register();
            }
            report();
            reachability.onSuccess();
            return wiring.interval();
        } catch (RestClientException away) {
            reachability.onFailure(reason(away));
            return wiring.interval().dividedBy(4);
        }
    }

    /** Stops the heartbeat, and waits for one that is in flight. */
    synchronized void stop() {
        stopped = true;
    }

    private void followAddress() {
        String now = address.get();
        if (!Objects.equals(now, service.getAddress())) {
            LOG.info("the address of {} changed from {} to {}", service.getId(), service.getAddress(), now);
            service.setAddress(now);
            registered = false;
        }
    }

    private void followToken() {
        if (registered && !wiring.token().get().equals(registeredWith)) {
            LOG.info("registering {} again, as the token for Consul is another one", service.getId());
            registered = false;
        }
    }

    private void register() {
        wiring.consul().agentServiceRegister(null, service);
        registered = true;
        registeredWith = wiring.token().get();
        LOG.info(
                "registered {} of {} at {}:{} {} {}",
                service.getId(),
                service.getName(),
                service.getAddress(),
                service.getPort(),
                service.getTags(),
                service.getMeta());
    }

    private void report() {
        CheckStatus status = wiring.status().get();
        try {
            report(status);
        } catch (HttpStatusCodeException refused) {
            if (!wiring.forgotten().isEligible(refused)) {
                throw refused;
            }
            LOG.info("Consul has lost {}, registering it again", service.getId());
            registered = false;
            register();
            report(status);
        }
    }

    private void report(CheckStatus status) {
        String check = "service:" + service.getId();
        String note = "beat at " + wiring.clock().instant() + ", next within "
                + wiring.interval().toMillis() + " ms";
        switch (status) {
            case CRITICAL -> wiring.consul().agentCheckFail(check, note, null);
            case WARNING -> wiring.consul().agentCheckWarn(check, note, null);
            // the application reports no status; the heartbeat itself shows that it is alive
            default -> wiring.consul().agentCheckPass(check, note, null);
        }
    }

    static String reason(RestClientException failure) {
        if (failure instanceof HttpClientErrorException.Forbidden refused) {
            return "status 403: " + refused.getResponseBodyAsString().strip() + " (expected: a token in "
                    + ConsulToken.SETTINGS + " that may write this service)";
        }
        if (HandshakeFailure.isOne(failure)) {
            return HandshakeFailure.describe(failure);
        }
        Throwable root = failure.getMostSpecificCause();
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
