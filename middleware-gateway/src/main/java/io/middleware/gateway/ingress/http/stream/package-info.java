/**
 * Streams over plain HTTP: a server's messages as lines of JSON (NDJSON), server-sent events or a JSON array, and a
 * caller's messages as lines.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.http.stream.StreamCall}, which makes the call and translates its
 * messages in order. {@link io.middleware.gateway.ingress.http.stream.ResponseStream} writes them as the caller reads,
 * in a {@link io.middleware.gateway.ingress.http.stream.StreamForm} that {@link
 * io.middleware.gateway.ingress.http.stream.AcceptedForm} chose.
 * {@link io.middleware.gateway.ingress.http.stream.RequestLines} sends the caller's.
 */
@NullMarked
package io.middleware.gateway.ingress.http.stream;

import org.jspecify.annotations.NullMarked;
