/**
 * Finds the descriptor of a gRPC service by its name. Begin with {@code Schema}; its implementations look among the
 * compiled classes, in a file, or at the server by reflection.
 */
@NullMarked
package io.middleware.client.schema;

import org.jspecify.annotations.NullMarked;
