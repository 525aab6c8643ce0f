/**
 * What this process knows of one server: what the registry says of it, and what calls saw of it.
 *
 * <p>Begin with {@link Instance}. Around it are its {@link Registration}, its {@link Health}, its latency
 * ({@link PeakEwma}) and the number of calls it may have in flight ({@link ConcurrencyLimit}). {@link Transport} is how
 * an attempt gets there; the gateway implements it.
 */
@NullMarked
package io.middleware.core.instance;

import org.jspecify.annotations.NullMarked;
