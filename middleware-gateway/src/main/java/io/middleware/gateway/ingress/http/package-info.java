/** HTTP in: unary calls by Connect's protocol and by the {@code google.api.http} mappings of the services' own descriptors. */
package io.middleware.gateway.ingress.http;
