/**
 * A book of what this server executed, for {@code ./stack prove}, which compares it with what callers were told. Begin
 * with {@code RecordedMethod}: it writes before the application's code runs, in the transaction of that code if there
 * is one.
 */
@NullMarked
package io.middleware.starter.executions;

import org.jspecify.annotations.NullMarked;
