/**
 * Finds the keys of calls that are sticky: in headers, in what is known of the caller, in a field of the request.
 *
 * <p>Begin with {@code RequestKeys}, which the core asks for each call to a sticky service. {@code FieldPath} is a field by
 * its descriptor, {@code FieldReader} reads it from a request that is still coming. Which instance a key goes to is decided
 * in the core, by {@code balancing.Rendezvous}.
 */
@NullMarked
package io.middleware.gateway.sticky;

import org.jspecify.annotations.NullMarked;
