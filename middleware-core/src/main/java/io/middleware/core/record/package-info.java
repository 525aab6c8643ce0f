/**
 * What happened to a call, as far as people want to know it: who was a candidate, which attempts were made, what was decided and
 * why, and how it ended.
 *
 * <p>Begin with {@link CallRecord}, which a call fills in while it runs, and {@link Step}, one entry of it. {@link Facts} are all
 * that a {@link Decision} depends on, so a record can be played again. {@link CallListener} gets the records of calls that have
 * ended.
 */
@NullMarked
package io.middleware.core.record;

import org.jspecify.annotations.NullMarked;
