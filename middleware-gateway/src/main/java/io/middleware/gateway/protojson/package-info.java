/** Protobuf's JSON mapping, strictly: what does not fit is refused, in both directions, with the field and the reason. */
package io.middleware.gateway.protojson;
