/**
 * What servers executed. Begin with {@code Execution}; {@code ExecutionBooks} reads them from the servers, which write
 * them in their databases ({@code middleware.executions.record}).
 */
@NullMarked
package io.middleware.chaos.prove.book;

import org.jspecify.annotations.NullMarked;
