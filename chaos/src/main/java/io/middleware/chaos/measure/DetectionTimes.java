package io.middleware.chaos.measure;

import java.util.OptionalLong;

/** When the gateways detected a failure. */
public interface DetectionTimes {

    /**
     * Returns when the last gateway began to avoid the instance, in microseconds since 1970; empty when one has not.
     * Changes before {@code sinceMicros} do not count.
     */
    OptionalLong avoided(String instance, long sinceMicros);
}
