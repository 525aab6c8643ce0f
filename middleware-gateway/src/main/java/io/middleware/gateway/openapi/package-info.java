/**
 * Describes methods as an OpenAPI 3.1 document: their messages by Protobuf's JSON mapping, Connect's paths and the
 * {@code google.api.http} mappings. A pure function of the descriptors.
 *
 * <p>Begin with {@link io.middleware.gateway.openapi.ApiDocument}. {@code ConnectOperations} and {@code RestOperations}
 * describe operations, {@code MessageSchemas} and {@code FieldSchemas} what is sent, {@code CommonParts} what all of
 * them refer to.
 */
@NullMarked
package io.middleware.gateway.openapi;

import org.jspecify.annotations.NullMarked;
