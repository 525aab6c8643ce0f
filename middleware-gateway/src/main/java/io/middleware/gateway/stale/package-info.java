/** Answers that were good, for when no server answers. */
package io.middleware.gateway.stale;
