/**
 * Writes a line of JSON for calls that have ended: for each that failed or took several attempts, and for one in some of the
 * others.
 *
 * <p>Begin with {@code AccessLog}. {@code LogFile} appends the lines to a file that others may move away.
 */
@NullMarked
package io.middleware.gateway.accesslog;

import org.jspecify.annotations.NullMarked;
