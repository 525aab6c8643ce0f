/**
 * Tells at the start what strangers can reach. Begin with {@link io.middleware.starter.exposure.ListeningPort}, one port and
 * what guards it; {@link io.middleware.starter.exposure.ExposureCheck} warns of those that lack something, or refuses the
 * start.
 */
@NullMarked
package io.middleware.starter.exposure;

import org.jspecify.annotations.NullMarked;
