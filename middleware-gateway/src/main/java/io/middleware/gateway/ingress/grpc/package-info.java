/** Where gRPC calls come in: any service, all four kinds, bytes untouched. */
package io.middleware.gateway.ingress.grpc;
