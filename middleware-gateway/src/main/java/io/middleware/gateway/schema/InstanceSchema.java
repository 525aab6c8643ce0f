package io.middleware.gateway.schema;

import io.middleware.core.Instance;
import io.middleware.core.Timers;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What one instance said of itself, kept up to date: asked anew while it cannot be reached, with a wait that doubles from
 * {@link #FIRST_WAIT} to {@link #LONGEST_WAIT}. The time that it may take doubles from {@link #FIRST_PATIENCE} to
 * {@link #LONGEST_PATIENCE} while it takes longer. Confined to the event loop of its client.
 */
final class InstanceSchema {
    static final Duration FIRST_WAIT = Duration.ofMillis(100);
    static final Duration LONGEST_WAIT = Duration.ofMillis(500);
    static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);
    static final Duration LONGEST_PATIENCE = Duration.ofSeconds(60);

    /** A server may end its connection after each stream, and asking opens one. */
    private static final int MOST_AT_ONCE = 10;

    private final Instance instance;
    private final ReflectionClient client;
    private final Timers timers;
    private final Consumer<InstanceSchema> changed;
    private Duration patience = FIRST_PATIENCE;
    private long wait;
    private int renewals;
    private int askedAtOnce;
    private Runnable giveUp = () -> {};
    private Timers.Timer again;
    private boolean ended;
    private ReflectionResult latest;

    /** {@code changed}: told after each answer, with this object. */
    InstanceSchema(Instance instance, ReflectionClient client, Timers timers, Consumer<InstanceSchema> changed) {
        this.instance = instance;
        this.client = client;
        this.timers = timers;
        this.changed = changed;
    }

    Instance instance() {
        return instance;
    }

    /** The last answer. A failure to get another one does not make it forgotten; null before the first. */
    ReflectionResult latest() {
        return latest;
    }

    /** How long it may take to respond. */
    Duration patience() {
        return patience;
    }

    /** Asks now: it is new, or may be another version than before. */
    void refresh() {
        stop();
        wait = FIRST_WAIT.toNanos();
        ask();
    }

    /**
     * Asks because a connection to it has ended: at once, but for a server that ends one after the other, which is asked every
     * {@link #LONGEST_WAIT}.
     */
    void renewed() {
        stop();
        if (askedAtOnce < MOST_AT_ONCE) {
            if (askedAtOnce++ == 0) {
                timers.schedule(() -> askedAtOnce = 0, LONGEST_WAIT.toNanos());
            }
            refresh();
        } else {
            again = timers.schedule(this::refresh, LONGEST_WAIT.toNanos());
        }
    }

    /** Asks no more. */
    void end() {
        ended = true;
        stop();
    }

    private void stop() {
        giveUp.run();
        giveUp = () -> {};
        if (again != null) {
            again.cancel();
            again = null;
        }
    }

    private void ask() {
        renewals = instance.renewals();
        giveUp = client.ask(instance, patience, this::answered);
    }

    private void answered(ReflectionResult answer) {
        if (ended) {
            return;
        }
        boolean failed = answer instanceof ReflectionResult.Failed;
        if (answer instanceof ReflectionResult.Failed failure && failure.late()) {
            Duration doubled = patience.multipliedBy(2);
            patience = doubled.compareTo(LONGEST_PATIENCE) < 0 ? doubled : LONGEST_PATIENCE;
        }
        if (!failed || latest == null || latest instanceof ReflectionResult.Failed) {
            latest = answer;
        }
        if (failed) {
            again = timers.schedule(this::ask, wait);
            wait = Math.min(2 * wait, LONGEST_WAIT.toNanos());
        }
        changed.accept(this);
        if (!failed) {
            instance.described(renewals);
        }
    }
}
