package io.middleware.starter.idempotency;

import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is kept for repeats: a message, or an error that is final, with the service's own headers and
 * trailers.
 *
 * @param message null for an error
 */
public record StoredResponse(Status status, byte @Nullable [] message, Metadata headers, Metadata trailers) {}
