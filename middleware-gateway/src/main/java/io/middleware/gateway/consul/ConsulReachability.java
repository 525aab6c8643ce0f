package io.middleware.gateway.consul;

import io.middleware.core.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Consul answers: one line when it stops and one when it is back, however many of those who ask notice; and how old what
 * it said is.
 *
 * <pre>
 * age = 0                                   while nobody's last question failed: a poll's is open until there is news
 *       now - the last answer before that   from the first failure until each of those who failed has been answered again
 * </pre>
 *
 * <p>A frozen Consul leaves questions open; that is noticed by the gateway's own heartbeat, which asks each second.
 */
final class ConsulReachability {
    private static final Logger log = LoggerFactory.getLogger(ConsulReachability.class);

    private final String consul;
    private final Ticker ticker;
    private final Set<Object> failing = new HashSet<>();
    /** Until an answer says otherwise: that the last one who failed asks no more is none. */
    private boolean away;

    private String reason;
    private long confirmed;
    private boolean answeredOnce;

    /** {@code consul} is what the log calls it: its address. */
    ConsulReachability(String consul, Ticker ticker) {
        this.consul = consul;
        this.ticker = ticker;
        this.confirmed = ticker.nanos();
    }

    /** Whether that ends a failure of {@code asker}. */
    synchronized boolean onSuccess(Object asker) {
        answeredOnce = true;
        boolean again = failing.remove(asker);
        if (failing.isEmpty()) {
            if (away) {
                away = false;
                log.info(
                        "Consul at {} gives answers again, after {} s",
                        consul,
                        sinceConfirmed().toSeconds());
            }
            confirmed = ticker.nanos();
        }
        return again;
    }

    synchronized void onFailure(Object asker, String why) {
        if (!away) {
            away = true;
            log.warn(
                    "Consul at {} gives no usable answer: {}; {}",
                    consul,
                    why,
                    answeredOnce ? "what it said last stays in force" : "nothing is known until it does");
        }
        failing.add(asker);
        reason = why;
    }

    /** The asker will not be heard of again. */
    synchronized void onEnd(Object asker) {
        failing.remove(asker);
    }

    synchronized Duration age() {
        return answeredOnce && !away ? Duration.ZERO : sinceConfirmed();
    }

    /** Why there is no usable answer, in words; empty while there is. */
    synchronized Optional<String> problem() {
        return !away ? Optional.empty() : Optional.of(reason);
    }

    private Duration sinceConfirmed() {
        return Duration.ofNanos(ticker.nanos() - confirmed);
    }
}
