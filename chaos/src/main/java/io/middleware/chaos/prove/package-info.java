/**
 * {@code ./stack prove}: proves, by the books of callers and servers, that nothing ran twice and nothing got lost while
 * parts failed. Begin with {@code Prover}.
 *
 * <p>{@code workload} calls and writes a {@code history}, servers write a {@code book}, {@code check} compares the two,
 * {@code report} says what it found. {@code check} knows nothing of the middleware, nor of the stack.
 */
@NullMarked
package io.middleware.chaos.prove;

import org.jspecify.annotations.NullMarked;
