/**
 * Keeps what happened lately, for people. Begin with {@link io.middleware.gateway.dashboard.feed.Feed}; {@code
 * InstanceNews} fills it from the directory and from outlier detection.
 */
@NullMarked
package io.middleware.gateway.dashboard.feed;

import org.jspecify.annotations.NullMarked;
