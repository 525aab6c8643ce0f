/**
 * The failover matrix: each way in which a part can fail, and what callers noticed, as numbers.
 *
 * <p>Begin with {@code Faults}, the rows and their goals. {@code Matrix} runs one row, {@code Series} all of them;
 * {@code Result} compares what was measured with the goal, and {@code MatrixReport} writes it down.
 */
@NullMarked
package io.middleware.chaos.matrix;

import org.jspecify.annotations.NullMarked;
