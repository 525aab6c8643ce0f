/** The command line: greets, and calls any method of any service with JSON. */
@NullMarked
package io.middleware.client.cli;

import org.jspecify.annotations.NullMarked;
