/**
 * Counts the calls of the last seconds, for the page. Begin with {@link
 * io.middleware.gateway.dashboard.traffic.TrafficWindow}, of which there is one per instance; its durations are a {@code
 * Histogram}, which can be added to those of other gateways.
 */
@NullMarked
package io.middleware.gateway.dashboard.traffic;

import org.jspecify.annotations.NullMarked;
