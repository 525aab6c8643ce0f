/**
 * Compares what callers were told with what servers executed. Begin with {@code Checker}, a pure function; {@code Rule}
 * has what must hold.
 */
@NullMarked
package io.middleware.chaos.prove.check;

import org.jspecify.annotations.NullMarked;
