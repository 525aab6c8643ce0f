package io.middleware.core;

/**
 * What a method's descriptor promises, which decides whether a call may be retried.
 *
 * @param unary       one message in each direction
 * @param idempotency its {@code idempotency_level}
 */
public record MethodTraits(boolean unary, Idempotency idempotency) {

    /** The levels of {@code idempotency_level}, the strictest first. */
    public enum Idempotency {
        /** Nothing is promised: a second execution may do harm. */
        UNKNOWN,
        /** Two executions have the effect of one. */
        IDEMPOTENT,
        /** An execution changes nothing. */
        NO_SIDE_EFFECTS
    }

    /** The traits of a method whose descriptor is not known: nothing is promised. */
    public static final MethodTraits UNKNOWN = new MethodTraits(false, Idempotency.UNKNOWN);

    /** Whether a call may be executed more than once, so that it may be retried and hedged. */
    public boolean idempotent() {
        return idempotency != Idempotency.UNKNOWN;
    }

    /** Whether a stale response may be given to a call that no instance executed. */
    public boolean mayBeStale() {
        return unary && idempotency == Idempotency.NO_SIDE_EFFECTS;
    }

    /** Returns the stricter of both traits, which holds while two versions of a service disagree. */
    public MethodTraits and(MethodTraits other) {
        return equals(other)
                ? this
                : new MethodTraits(
                        unary && other.unary,
                        idempotency.compareTo(other.idempotency) < 0 ? idempotency : other.idempotency);
    }
}
