package io.middleware.starter;

import java.util.Locale;

/** The pool of an instance: secondaries get calls only when no primary can serve them. */
public enum Pool {
    PRIMARY,
    SECONDARY;

    /** Returns the tag of the pool in Consul. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
