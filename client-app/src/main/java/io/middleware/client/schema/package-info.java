/** Finds the descriptor of a gRPC service by its name: compiled in, in a file, or by asking the server. */
@NullMarked
package io.middleware.client.schema;

import org.jspecify.annotations.NullMarked;
