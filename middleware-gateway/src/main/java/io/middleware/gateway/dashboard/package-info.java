/**
 * The page {@code /dashboard/}, which shows the whole chain live. Each gateway serves it for all.
 *
 * <p>Begin with {@code Dashboard}, which puts the picture together. {@code feed}, {@code traffic} and {@code picture}
 * are what this gateway knows of itself; {@code peers} asks the others; {@code chain} merges; {@code live} sends the
 * result to all who watch; {@code faults} passes orders to fail on. The page itself is in the resources, below {@code dashboard-page}.
 */
@NullMarked
package io.middleware.gateway.dashboard;

import org.jspecify.annotations.NullMarked;
