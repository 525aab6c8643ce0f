package io.middleware.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.middleware.core.Counts.Cause;
import io.middleware.core.Outcome.Evidence;

/**
 * Takes an instance out of the choice by what attempts saw of it, long before the registry knows, and lets it back by probes of
 * its own: no caller's call is the experiment.
 *
 * <pre>
 * ejected   when no connection can be made,
 *           or when of the last {@value Breakers#WINDOW} attempts (at least {@value Breakers#LEAST}) half failed,
 *           or when an attempt is overdue and nothing came back on it, or a connection broke, and a ping is not answered
 *           within its limit either
 * probed    after delay; alive: back in the choice; else delay = min(2 * delay, longest)
 * delay     starts at first; an instance ejected again within 10 * delay of its return starts with twice its last delay
 * </pre>
 *
 * A connection that was silent may stay so long after the server is well, until TCP repeats what was lost; so probes after a
 * silence go by new connections. What is asked of an instance, and for how long, is {@link SignsOfLife}'.
 */
public final class Ejector {
    private static final Logger log = LoggerFactory.getLogger(Ejector.class);

    private final Transport transport;
    private final Timers timers;
    private final Ticker ticker;
    private final long firstDelay;
    private final long longestDelay;
    private final long lostAfter;
    private final SignsOfLife signs;
    private final Breakers breakers = new Breakers();
    private final List<Consumer<Ejection>> listeners = new CopyOnWriteArrayList<>();

    /** {@code timers} are the ejector's own: probes belong to no call. */
    public Ejector(Transport transport, Timers timers, Ticker ticker, Settings settings) {
        this.transport = transport;
        this.timers = timers;
        this.ticker = ticker;
        this.firstDelay = settings.ejection().firstProbe().toNanos();
        this.longestDelay = settings.ejection().longestProbe().toNanos();
        this.signs = new SignsOfLife(transport, ticker, settings.silence(), this::gaveNoSign);
        this.lostAfter = settings.silence().lostAfter().toNanos();
    }

    /** Hears of each ejection and its end after it took effect, on the thread of a call: it is to return at once. */
    public void listen(Consumer<Ejection> listener) {
        listeners.add(listener);
    }

    /** For {@link Directory#listen}: news of an ejected instance is a reason to probe it at once, and its end ends the probes. */
    public void heard(Directory.Change change) {
        switch (change.kind()) {
            case CONFIRMED, RENEWED -> probeSoon(change.instance());
            case GONE -> forget(change.instance());
            case CAME, FAILING -> { }
        }
    }

    /** Takes note of how an attempt ended. */
    void attempted(Instance instance, Outcome outcome, long durationNanos) {
        switch (outcome.evidence()) {
            case NONE -> { }
            case UNREACHABLE, SILENT -> eject(instance, cause(outcome), outcome.reason());
            case GOOD, BAD -> {
                CircuitBreaker breaker = breakers.of(instance);
                breaker.onResult(durationNanos, TimeUnit.NANOSECONDS, outcome);
                if (breaker.getState() == State.OPEN && !instance.ejected()) {
                    eject(instance, Cause.FAILING, "half of its last answers failed, the last one: " + outcome.inWords());
                }
            }
        }
    }

    /** A connection to it broke: asks for a sign of life before a call has to find out, and ejects it if there is none. */
    public void connectionBroke(Instance instance) {
        signs.ask(instance, 0);
    }

    /** An attempt on it is overdue, and nothing came back: asks for a sign of life, and ejects it if there is none. */
    void silent(Instance instance) {
        signs.ask(instance, SignsOfLife.HOLDS);
    }

    private void gaveNoSign(Instance instance, Outcome failure) {
        eject(instance, cause(failure), failure.reason());
        transport.retire(instance);
    }

    private static Cause cause(Outcome failure) {
        return failure.evidence() == Evidence.SILENT ? Cause.SILENT : Cause.UNREACHABLE;
    }

    /** Takes an instance out of the choice until a probe finds it alive. Harmless when it is out already. */
    void eject(Instance instance, Cause cause, String reason) {
        Health health = instance.health();
        synchronized (health) {
            if (health.ejected || instance.standing() == Instance.Standing.GONE) {
                return;
            }
            health.ejected = true;
            health.reason = reason;
            breakers.of(instance).transitionToOpenState();
            boolean again = health.probeDelay > 0 && ticker.nanos() - health.letBackAt < 10 * health.probeDelay;
            health.probeDelay = again ? Math.min(2 * health.probeDelay, longestDelay) : firstDelay;
            probeLater(instance);
        }
        instance.service().counts().ejected(cause);
        log.warn("{} of {} ejected: {}", instance, instance.service().name(), reason);
        changed(new Ejection(instance, true, reason));
    }

    /** Probes an ejected instance at once: the registry has news of it. */
    void probeSoon(Instance instance) {
        Health health = instance.health();
        synchronized (health) {
            if (!health.ejected) {
                return;
            }
            health.probeDelay = firstDelay;
            if (health.probing) {
                return;
            }
            health.nextProbe.cancel();
        }
        probe(instance);
    }

    /** Ends what goes on for an instance that is gone. */
    void forget(Instance instance) {
        Health health = instance.health();
        synchronized (health) {
            if (health.nextProbe != null) {
                health.nextProbe.cancel();
            }
        }
    }

    private void probeLater(Instance instance) {
        instance.health().nextProbe = timers.schedule(() -> probe(instance), instance.health().probeDelay);
    }

    private void probe(Instance instance) {
        Health health = instance.health();
        synchronized (health) {
            // a timer that could not be cancelled any more finds the work begun or done
            if (health.probing || !health.ejected) {
                return;
            }
            health.probing = true;
        }
        signs.probe(instance, failure -> probed(instance, failure));
    }

    private void probed(Instance instance, Outcome failure) {
        boolean gone = instance.standing() == Instance.Standing.GONE;
        if (failure != null || gone) {
            transport.retire(instance);
        }
        Health health = instance.health();
        synchronized (health) {
            health.probing = false;
            if (gone) {
                return;
            }
            if (failure != null) {
                health.reason = failure.reason();
                health.gaveNone(failure.evidence() == Evidence.SILENT, ticker.nanos());
                health.lost = health.silentFor(lostAfter, ticker.nanos());
                health.probeDelay = Math.min(2 * health.probeDelay, longestDelay);
                probeLater(instance);
                return;
            }
            health.letBackAt = ticker.nanos();
            health.alive(health.letBackAt);
            health.breaker.reset();
            health.ejected = false;
        }
        // what it was like when it was frozen or lost is no measure of it
        instance.latency().forget();
        log.info("{} of {} is back: it answers probes", instance, instance.service().name());
        changed(new Ejection(instance, false, "it answers probes"));
    }

    private void changed(Ejection ejection) {
        ejection.instance().service().ejectionChanged(ejection.instance());
        listeners.forEach(listener -> listener.accept(ejection));
    }
}
