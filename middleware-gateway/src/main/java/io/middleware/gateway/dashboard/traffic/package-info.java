/**
 * Learns of each call at its end, for the page. Begin with {@link io.middleware.gateway.dashboard.traffic.Traffic}:
 * it counts in a {@code TrafficWindow} per instance, whose durations are a {@code Histogram} that can be added to those
 * of other gateways; {@code Samples} are calls to be drawn, {@code Incidents} what became of calls in trouble.
 */
@NullMarked
package io.middleware.gateway.dashboard.traffic;

import org.jspecify.annotations.NullMarked;
