package io.middleware.gateway.consul;

import io.middleware.core.Ticker;
import io.middleware.starter.outage.OutageReasons;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Consul responds. Logs once when it stops and once when it is back, however many clients notice; other reasons that keep it
 * away by {@link OutageReasons}. Also the age of the directory's data:
 *
 * <pre>
 * age = 0                                     while no client's last request failed (a long poll may be open for long)
 *       now - the last response before that   from the first failure until each client that failed had a response
 * </pre>
 *
 * <p>A frozen Consul leaves requests open. The gateway's own heartbeat, once a second, notices that.
 */
final class ConsulReachability implements QueryOutcome {
    private static final Logger log = LoggerFactory.getLogger(ConsulReachability.class);

    private final String consul;
    private final Ticker ticker;
    private final OutageReasons reasons = new OutageReasons();
    private final Set<Object> failing = new HashSet<>();
    private final List<RegistryLookup.Listener> listeners = new CopyOnWriteArrayList<>();
    /** Stays true until a response comes, even if the client that failed has ended. */
    private volatile boolean away;

    private String reason = "";
    private volatile long lastResponse;
    private volatile boolean everResponded;

    /** {@code consul}: the address, as it appears in the log. */
    ConsulReachability(String consul, Ticker ticker) {
        this.consul = consul;
        this.ticker = ticker;
        this.lastResponse = ticker.nanos();
    }

    void listen(RegistryLookup.Listener listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized boolean onSuccess(Object client) {
        everResponded = true;
        boolean recovered = failing.remove(client);
        if (failing.isEmpty()) {
            if (away) {
                away = false;
                Duration gone = sinceLastResponse();
                log.info("Consul at {} responds again, after {} s", consul, gone.toSeconds());
                listeners.forEach(listener -> listener.onChange(false, gone));
            }
            lastResponse = ticker.nanos();
        }
        return recovered;
    }

    @Override
    public synchronized void onFailure(Object client, String why) {
        if (away && reasons.deservesLine(why, ticker.nanos())) {
            log.warn("Consul at {} is still away, now for another reason: {}", consul, why);
        }
        if (!away) {
            away = true;
            reasons.begin(why);
            log.warn(
                    "Consul at {} gives no usable response: {}; {}",
                    consul,
                    why,
                    everResponded ? "the last known instances stay in use" : "no instance is known until it responds");
            Duration age = sinceLastResponse();
            listeners.forEach(listener -> listener.onChange(true, age));
        }
        failing.add(client);
        reason = why;
    }

    @Override
    public synchronized void onEnd(Object client) {
        failing.remove(client);
    }

    /** Takes no lock, as calls ask for it. */
    Duration age() {
        return everResponded && !away ? Duration.ZERO : sinceLastResponse();
    }

    /** Returns why there is no usable response, for a person; empty while there is one. */
    synchronized Optional<String> problem() {
        return !away ? Optional.empty() : Optional.of(reason);
    }

    private Duration sinceLastResponse() {
        return Duration.ofNanos(ticker.nanos() - lastResponse);
    }
}
