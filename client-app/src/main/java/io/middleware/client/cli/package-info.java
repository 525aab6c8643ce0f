/** The command line: greets, and calls any method of any service with JSON. */
package io.middleware.client.cli;
