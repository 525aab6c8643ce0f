/** Tells the log of something that is away, and that it is back. Begin with {@code OutageLog}. */
@NullMarked
package io.middleware.starter.outage;

import org.jspecify.annotations.NullMarked;
