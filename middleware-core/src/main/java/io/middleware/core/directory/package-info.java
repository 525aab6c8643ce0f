/**
 * Which services and instances there are, and which of them to prefer.
 *
 * <p>Begin with {@link Directory}, which the registry's watch updates and calls read without a lock.
 * {@link RegistryDoubt} is the self-preservation: it does not believe the registry when too many instances are lost at
 * once. {@link Tiers} ranks the instances of a {@link Service}, secondaries after primaries; a {@link Route} chooses
 * one for an attempt.
 */
@NullMarked
package io.middleware.core.directory;

import org.jspecify.annotations.NullMarked;
