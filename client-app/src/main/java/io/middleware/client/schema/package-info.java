/** Finds the descriptor of a gRPC service by its name: compiled in, in a file, or by asking the server. */
package io.middleware.client.schema;
