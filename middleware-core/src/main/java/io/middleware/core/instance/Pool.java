package io.middleware.core.instance;

/** Secondaries get calls only when no primary can answer. */
public enum Pool {
    PRIMARY,
    SECONDARY
}
