package io.middleware.core.instance;

import io.middleware.core.Deadline;
import io.middleware.core.Priority;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One running server of a service, and the current knowledge of this process about it. The object lives as long as the server is
 * known: its registration is replaced, the results of calls stay.
 */
public class Instance {

    /** An instance on trial gets one call in such a time, until one has ended. */
    public static final int TRIAL_SECONDS = 1;

    private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(TRIAL_SECONDS);

    private final InstanceGroup group;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final HealthTracker health = new HealthTracker();
    private final PeakEwma latency = new PeakEwma();
    private final OutcomeCounts outcomes = new OutcomeCounts();
    private final Newness newness = new Newness();
    private final LazyLimit limit = new LazyLimit();
    private final ServerVersion version = new ServerVersion();
    private volatile long roundTrip;
    private volatile Registration registration;
    private volatile String label;
    private volatile RegistryState registryState;
    private volatile boolean inUse = true;

    public Instance(InstanceGroup group, Registration registration) {
        this.group = group;
        this.registration = registration;
        this.label = registration.id();
        this.registryState = RegistryState.of(registration);
    }

    /** Returns what this instance shares with the others of its service. */
    public final InstanceGroup group() {
        return group;
    }

    public final String serviceName() {
        return group.name();
    }

    public final Registration registration() {
        return registration;
    }

    /** Returns an id that is unique in the service: the registry's or, if several nodes have the same, {@code id@node}. */
    public final String id() {
        return label;
    }

    public final Pool pool() {
        return registration.pool();
    }

    /** Returns whether calls may choose it: of a large service, only some are in use. */
    public final boolean inUse() {
        return inUse;
    }

    public final void use(boolean now) {
        inUse = now;
    }

    public final RegistryStatus status() {
        return registryState.status();
    }

    /** Returns the number of its calls that have not ended. */
    public final int inFlight() {
        return inFlight.get();
    }

    /** Returns whether outlier detection has taken it out of the choice. */
    public final boolean ejected() {
        return health() instanceof Health.Ejected;
    }

    /** Returns why it was ejected last; null if it never was. */
    public final @Nullable String ejectedBecause() {
        Health.Ejected last = health().lastEjection();
        return last == null ? null : last.reason();
    }

    /**
     * Called when the transport has measured a round trip. The estimate falls at once and rises slowly: a busy machine can make a
     * round trip look longer, but nothing makes it look shorter.
     */
    public final void roundTrip(long nanos) {
        long before = roundTrip;
        roundTrip = Math.max(1, before == 0 || nanos < before ? nanos : before + (nanos - before) / 8);
    }

    /** Returns the round trip in nanoseconds; 0 if it is not known. */
    public final long roundTrip() {
        return roundTrip;
    }

    /** Returns whether its server may have been replaced by another version. */
    public final ServerVersion version() {
        return version;
    }

    /** Returns the latency of its unary calls. */
    public final PeakEwma latency() {
        return latency;
    }

    /** Returns the outcomes of its attempts that show how well it works. */
    public final OutcomeCounts outcomes() {
        return outcomes;
    }

    /** Returns whether its server has just started. */
    public final Newness newness() {
        return newness;
    }

    /** Returns the limit of its unary calls in flight. */
    public final ConcurrencyLimit limit() {
        return limit.get(group);
    }

    /** Returns whether it has room for a unary call of this priority, which must end by this deadline. */
    public final Room room(Priority priority, Deadline deadline) {
        return limit().room(this, priority, deadline);
    }

    /** Returns the limit of its unary calls in flight while a queue there requires one; else empty. */
    public final OptionalInt limitInForce() {
        return limit().inForce();
    }

    /** Returns whether something speaks against calling it: the registry, or what attempts saw. */
    public final boolean isUnavailable() {
        return ejected() || !usable();
    }

    /** Returns whether it is on trial, and calls that are not idempotent avoid it. */
    public final boolean idempotentOnly() {
        return health() instanceof Health.OnTrial trial && trial.idempotentOnly();
    }

    /** Returns whether it was readmitted after attempts had failed on it, and none has shown yet that it works. */
    public final boolean onTrial() {
        return health() instanceof Health.OnTrial;
    }

    /** Returns whether it is on trial, and its last call there began less than {@value #TRIAL_SECONDS} s ago. */
    public final boolean inTrial(long now) {
        return health() instanceof Health.OnTrial trial && now - trial.triedAt() < TRIAL_NANOS;
    }

    /** Returns whether it is ejected, and has been silent for so long that no call must wait for it. */
    public final boolean lost() {
        return health() instanceof Health.Ejected ejection && ejection.lost();
    }

    /** Counts a call in, and returns how many calls that {@link #limit} limits are in flight before it. */
    public final int begin(boolean unary) {
        inFlight.incrementAndGet();
        return unary ? limit().begin() : 0;
    }

    public final void end(boolean unary) {
        inFlight.decrementAndGet();
        if (unary) {
            limit().end();
        }
    }

    public final Health health() {
        return health.health();
    }

    /** Returns what changes its health; for outlier detection. */
    public final HealthTracker healthTracker() {
        return health;
    }

    /** Called when an attempt on it begins while it is {@link #onTrial}. */
    public final void tried(long now) {
        health.attemptBegins(now);
    }

    /** Returns whether the registry gives no reason against calling it. */
    public final boolean usable() {
        return status().isUsable();
    }

    /** Sets the {@link #id}; {@code withNode}: another instance of the service has the same id in the registry. */
    public final void label(boolean withNode) {
        label = withNode ? registration.id() + "@" + registration.node() : registration.id();
    }

    public final void register(Registration newer) {
        registration = newer;
    }

    public final void setStatus(RegistryStatus newer, long now) {
        registryState = registryState.changedTo(newer, now);
    }

    /** Returns its {@link #status} with what came before. */
    public final RegistryState registryState() {
        return registryState;
    }

    @Override
    public String toString() {
        return id();
    }
}
