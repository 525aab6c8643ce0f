/**
 * Sends pictures to all who watch. Begin with {@link io.middleware.gateway.dashboard.live.Live}.
 */
@NullMarked
package io.middleware.gateway.dashboard.live;

import org.jspecify.annotations.NullMarked;
