package io.middleware.core;

/**
 * Who goes first when there are more calls than instances complete in time. Without overload, all priorities are served alike.
 * In the order of their importance.
 */
public enum Priority {
    /** Is refused last: it may wait as long as its own deadline allows, within a bound. */
    CRITICAL,
    /** The priority of a call for which nobody has said another one. */
    NORMAL,
    /** Is refused first, while there is still room for the others. */
    SHEDDABLE
}
