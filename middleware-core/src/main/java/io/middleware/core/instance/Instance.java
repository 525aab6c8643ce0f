package io.middleware.core.instance;

import io.middleware.core.Ticker;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One running server of a service, and what this gateway knows of it at the moment. The object lives as long as the server is
 * known: what the registry says of it is replaced, what calls saw of it stays.
 */
public class Instance {

    private final InstanceGroup group;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Health health = new Health();
    private final PeakEwma latency = new PeakEwma();
    private final OutcomeCounts outcomes = new OutcomeCounts();
    private volatile ConcurrencyLimit limit;
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile long roundTrip;
    private volatile int describedAt;
    private volatile Registration registration;
    private volatile String label;
    private volatile RegistryStatus status;
    private volatile RegistryStatus previousStatus;
    private volatile long statusSince;

    public Instance(InstanceGroup group, Registration registration) {
        this.group = group;
        this.registration = registration;
        this.label = registration.id();
        this.status = switch (registration.status()) {
            case PASSING -> RegistryStatus.PASSING;
            case FAILING -> RegistryStatus.FAILING;
            case MAINTENANCE -> RegistryStatus.MAINTENANCE;
        };
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

    /** Unique within the service: the registry's id or, where several nodes have that, {@code id@node}. */
    public final String id() {
        return label;
    }

    public final Pool pool() {
        return registration.pool();
    }

    public final RegistryStatus status() {
        return status;
    }

    /** Calls sent to it that have not ended. */
    public final int inFlight() {
        return inFlight.get();
    }

    /** Out of the choice by what attempts saw. */
    public final boolean ejected() {
        return health.ejected;
    }

    /** Why it was ejected last; null when it never was. */
    public final String ejectedBecause() {
        return health.reason;
    }

    /**
     * The transport found that a packet there and one back took this long. Falls at once and rises slowly: a busy machine makes
     * a way look longer, nothing makes it look shorter.
     */
    public final void roundTrip(long nanos) {
        long before = roundTrip;
        roundTrip = Math.max(1, before == 0 || nanos < before ? nanos : before + (nanos - before) / 8);
    }

    /** In nanoseconds; 0 when it is not known. */
    public final long roundTrip() {
        return roundTrip;
    }

    /**
     * Called when a connection to it has ended: the server may have been replaced by one of another version. Until
     * {@link #described} no attempt on it is one that may run twice.
     */
    public final void renewed() {
        renewals.incrementAndGet();
    }

    /** Returns how often it was {@linkplain #renewed}, to be noted before it is asked for its description. */
    public final int renewals() {
        return renewals.get();
    }

    /** Called when what it promises is known, of the time when it had been renewed so often. */
    public final void described(int atRenewals) {
        describedAt = atRenewals;
    }

    /** Returns how often it had been renewed when what it promises was asked for last; fewer than {@link #renewals}: in doubt. */
    public final int describedAt() {
        return describedAt;
    }

    /** How long it takes to answer unary calls. */
    public final PeakEwma latency() {
        return latency;
    }

    /** How attempts on it ended, as far as that shows how well it works. */
    public final OutcomeCounts outcomes() {
        return outcomes;
    }

    /** How many unary calls it may have at a time. */
    public final ConcurrencyLimit limit() {
        ConcurrencyLimit known = limit;
        if (known == null) {
            synchronized (this) {
                known = limit;
                if (known == null) {
                    known = new ConcurrencyLimit(group.limit(), group.ticker());
                    limit = known;
                }
            }
        }
        return known;
    }

    /** How many unary calls it may have at a time, because others would wait there for long; empty while none would. */
    public final OptionalInt limitInForce() {
        return limit().inForce();
    }

    /** Returns whether something speaks against calling it: the registry, or what attempts saw. */
    public final boolean isUnavailable() {
        return ejected() || !usable();
    }

    /** It was let back after attempts had failed on it, and is not to be tried by calls that may not be repeated. */
    public final boolean shunned() {
        return health.shunned;
    }

    /** It was let back after attempts had failed on it, and none has shown yet that it works. */
    public final boolean onTrial() {
        return health.onTrial;
    }

    /** It was ejected as an outlier, and has been on trial with another call for less than {@value Health#TRIAL_SECONDS} s. */
    public final boolean inTrial(long now) {
        return health.onTrial && now - health.triedAt < Health.TRIAL_NANOS;
    }

    /** It is ejected, and has been silent for long. */
    public final boolean lost() {
        return health.lost;
    }

    /** Gives how many calls of the kind that {@link #limit} limits it has already. */
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
        return health;
    }

    /** Whether the registry gives no reason against calling it. */
    public final boolean usable() {
        RegistryStatus now = status;
        return now == RegistryStatus.PASSING || now == RegistryStatus.UNCONFIRMED;
    }

    /** {@code withNode}: another instance of the service has the same id. */
    public final void label(boolean withNode) {
        String newer = withNode ? registration.id() + "@" + registration.node() : registration.id();
        if (!newer.equals(label)) {
            label = newer;
        }
    }

    public final void register(Registration newer) {
        registration = newer;
    }

    public final void setStatus(RegistryStatus newer, long now) {
        if (newer != status) {
            previousStatus = status;
            statusSince = now;
            status = newer;
        }
    }

    /** Returns when its status changed last, on the {@link Ticker}'s clock. */
    public final long statusSince() {
        return statusSince;
    }

    /** Returns its status before the last change; null if it never changed. */
    public final RegistryStatus previousStatus() {
        return previousStatus;
    }

    @Override
    public String toString() {
        return id();
    }
}
