/** Breaks parts of a running stack under load, and measures what the callers noticed. */
package io.middleware.chaos;
