/**
 * The demonstration: acts that people watch, each of which shows one concept.
 *
 * <p>Begin with {@code Acts}, the list of what is broken and how. {@code Demo} plays them; all that people read, in
 * English and Portuguese, is in {@code texts.properties}.
 */
@NullMarked
package io.middleware.chaos.demo;

import org.jspecify.annotations.NullMarked;
