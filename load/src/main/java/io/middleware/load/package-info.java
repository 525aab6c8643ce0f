/**
 * The load generator: calls at a fixed rate, each timed from when it was due.
 *
 * <p>An open loop: calls are sent on schedule whether or not earlier ones have ended, so that a slow server cannot hide
 * its delay. Begin with {@code LoadRun}; {@code Schedule} says when calls are due, a {@code Target} sends them, {@code
 * LoadCommand} is the command line.
 */
@NullMarked
package io.middleware.load;

import org.jspecify.annotations.NullMarked;
