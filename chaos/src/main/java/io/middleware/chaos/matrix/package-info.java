/** The matrix: every way a server can die, and what the callers noticed of each. */
package io.middleware.chaos.matrix;
