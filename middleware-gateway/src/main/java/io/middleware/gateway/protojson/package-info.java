/**
 * Protobuf's JSON mapping, strictly: JSON and messages that do not fit are refused, with the field and the reason.
 *
 * <p>Begin with {@code MessageReader} (JSON to message) and {@code MessageWriter} (message to JSON). Both leave values
 * that are not messages to {@code Scalars} and {@code ScalarWriter}, and the types with a JSON form of their own to
 * {@code WellKnownReader} and {@code WellKnownWriter}. {@code JsonText} parses the text before; {@code KnownTypes} is
 * what the caller must provide.
 */
@NullMarked
package io.middleware.gateway.protojson;

import org.jspecify.annotations.NullMarked;
