package io.middleware.core;

/**
 * What a method's descriptor promises.
 *
 * @param unary      one message each way
 * @param repeatable its {@code idempotency_level} is {@code NO_SIDE_EFFECTS} or {@code IDEMPOTENT}
 */
public record MethodTraits(boolean unary, boolean repeatable) {
    /** Of a method whose descriptor is not known: nothing is promised. */
    public static final MethodTraits UNKNOWN = new MethodTraits(false, false);

    /** What holds when versions of a service disagree: the strictest of both. */
    public MethodTraits and(MethodTraits other) {
        return equals(other) ? this : new MethodTraits(unary && other.unary, repeatable && other.repeatable);
    }
}
