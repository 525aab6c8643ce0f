package io.middleware.starter;

/** Who gets the calls: secondaries only when no primary can answer. */
public enum Pool {

    PRIMARY, SECONDARY;

    /** The tag that says it in Consul. */
    String tag() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
