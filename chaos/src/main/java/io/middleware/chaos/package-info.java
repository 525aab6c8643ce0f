/**
 * The program behind {@code ./stack chaos} and {@code ./stack load}: {@link io.middleware.chaos.Main} lists its
 * commands.
 *
 * <p>{@code stack} runs {@code ./stack} commands, {@code measure} sends calls meanwhile and evaluates them. On both
 * stand {@code demo}, which people watch, and {@code matrix}, which gives numbers.
 */
@NullMarked
package io.middleware.chaos;

import org.jspecify.annotations.NullMarked;
