/** The load generator: calls that come at a fixed rate, each timed from when it was due. */
package io.middleware.load;
