/**
 * The command line behind {@code ./stack client}: it greets, and calls any method of any service with JSON.
 *
 * <p>Begin with {@code HelloCommand}, a call by a generated stub. {@code CallCommand} makes calls without one; {@code
 * CallReport} prints what {@code -v} shows.
 */
@NullMarked
package io.middleware.client.cli;

import org.jspecify.annotations.NullMarked;
