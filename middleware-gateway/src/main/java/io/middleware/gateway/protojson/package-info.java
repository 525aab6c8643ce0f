/** Protobuf's JSON mapping, strictly: what is not exactly a message is refused, in both directions, with the field and the reason. */
package io.middleware.gateway.protojson;
