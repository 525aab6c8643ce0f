/**
 * The callers of a run. Begin with {@code Workload}: it makes calls at a fixed rate, some again with the same key, and
 * writes down what each was told. {@code Telling} reads from a response what the caller knows about the execution.
 */
@NullMarked
package io.middleware.chaos.prove.workload;

import org.jspecify.annotations.NullMarked;
