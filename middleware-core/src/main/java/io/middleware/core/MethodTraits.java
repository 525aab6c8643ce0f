package io.middleware.core;

/**
 * What a method's descriptor promises.
 *
 * @param unary       one message each way
 * @param idempotency what its {@code idempotency_level} says
 */
public record MethodTraits(boolean unary, Idempotency idempotency) {

    /** The strictest first. */
    public enum Idempotency {
        /** Nothing is promised: twice may be once too often. */
        UNKNOWN,
        /** Twice has the effect of once. */
        IDEMPOTENT,
        /** It changes nothing. */
        NO_SIDE_EFFECTS
    }

    /** Of a method whose descriptor is not known: nothing is promised. */
    public static final MethodTraits UNKNOWN = new MethodTraits(false, Idempotency.UNKNOWN);

    /** A call may run more than once. */
    public boolean repeatable() {
        return idempotency != Idempotency.UNKNOWN;
    }

    /** Whether an earlier answer may stand for the answer of a call that is not executed. */
    public boolean mayBeStale() {
        return unary && idempotency == Idempotency.NO_SIDE_EFFECTS;
    }

    /** What holds when versions of a service disagree: the strictest of both. */
    public MethodTraits and(MethodTraits other) {
        return equals(other)
                ? this
                : new MethodTraits(
                        unary && other.unary,
                        idempotency.compareTo(other.idempotency) < 0 ? idempotency : other.idempotency);
    }
}
