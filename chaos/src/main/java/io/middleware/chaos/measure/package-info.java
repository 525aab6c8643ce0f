/**
 * What callers notice of a fault. Begin with {@code Window}: the calls due in a period, and their figures.
 *
 * <p>{@code LoadProcess} runs the load generator, {@code Calls} collects its records as they come. {@code
 * RecoveryTimes} says how long the gateways took to avoid a broken instance, and to use it again.
 */
@NullMarked
package io.middleware.chaos.measure;

import org.jspecify.annotations.NullMarked;
