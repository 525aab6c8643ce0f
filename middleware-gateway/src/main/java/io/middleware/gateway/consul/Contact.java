package io.middleware.gateway.consul;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import io.middleware.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Consul answers: one line when it stops and one when it is back, however many polls notice; and how old its word is. */
final class Contact {
    private static final Logger log = LoggerFactory.getLogger(Contact.class);

    private final String consul;
    private final Ticker ticker;
    private final Set<Object> failing = new HashSet<>();
    private long lastAnswer;
    private boolean answeredOnce;

    /** {@code consul} is what the log calls it: its address. */
    Contact(String consul, Ticker ticker) {
        this.consul = consul;
        this.ticker = ticker;
        this.lastAnswer = ticker.nanos();
    }

    synchronized void answered(Object poll) {
        Duration silence = sinceLastAnswer();
        lastAnswer = ticker.nanos();
        answeredOnce = true;
        if (failing.remove(poll) && failing.isEmpty()) {
            log.info("Consul at {} gives answers again, after {} s", consul, silence.toSeconds());
        }
    }

    synchronized void failed(Object poll, String reason) {
        if (failing.isEmpty()) {
            log.warn("Consul at {} gives no usable answer: {}; {}", consul, reason,
                    answeredOnce ? "what it said last stays in force" : "nothing is known until it does");
        }
        failing.add(poll);
    }

    /** The poll will not be heard of again. */
    synchronized void ended(Object poll) {
        failing.remove(poll);
    }

    /** How old Consul's word is; zero while a question is open that it will answer when there is news. */
    synchronized Duration age() {
        return answeredOnce && failing.isEmpty() ? Duration.ZERO : sinceLastAnswer();
    }

    private Duration sinceLastAnswer() {
        return Duration.ofNanos(ticker.nanos() - lastAnswer);
    }
}
