/**
 * The gRPC services that the gateway serves itself, for callers of every protocol: server reflection and health.
 *
 * <p>Begin with {@code LocalServices}, which starts a {@code LocalCall} for their methods and leaves all other calls to
 * the core. A {@code LocalCall} reads the messages ({@code RequestReader}) and hands them, as fast as the caller takes
 * the responses, to a {@code LocalMethod}: {@code ReflectionMethod}, {@code UnaryMethod} or {@code HealthWatch}.
 */
@NullMarked
package io.middleware.gateway.ingress.local;

import org.jspecify.annotations.NullMarked;
