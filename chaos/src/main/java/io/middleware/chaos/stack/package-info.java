/**
 * The stack under test, driven by its own commands. Begin with {@code FaultInjector}: it breaks parts, mends them and
 * notes when.
 *
 * <p>The commands do not run here but in the script that started this program, as the program may be in a container:
 * {@code PipedStack} has the protocol.
 */
@NullMarked
package io.middleware.chaos.stack;

import org.jspecify.annotations.NullMarked;
