package io.middleware.starter;

import java.util.Locale;

/** Who gets the calls: secondaries only when no primary can answer. */
public enum Pool {
    PRIMARY,
    SECONDARY;

    /** The tag that says it in Consul. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
