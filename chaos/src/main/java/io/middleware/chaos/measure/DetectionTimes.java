package io.middleware.chaos.measure;

import java.util.OptionalLong;

/** What the gateways noticed by themselves. */
public interface DetectionTimes {

    /**
     * When the last of the gateways noticed of an instance that it is not to be called, in microseconds since 1970; empty when
     * one has not. Changes before {@code sinceMicros} do not count.
     */
    OptionalLong avoided(String instance, long sinceMicros);
}
