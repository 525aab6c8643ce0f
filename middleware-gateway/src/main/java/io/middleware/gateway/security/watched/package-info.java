/**
 * Where secrets and rules come from: {@link io.middleware.gateway.security.watched.WatchedFile} takes changes of a file without a
 * restart, and keeps the last good content.
 */
@NullMarked
package io.middleware.gateway.security.watched;

import org.jspecify.annotations.NullMarked;
