/**
 * Spans of OpenTelemetry: one for each call and one for each attempt, exported by OTLP as Spring Boot is told to.
 *
 * <p>Begin with {@link CallTraces}, which reads the caller's trace context or begins a trace; a {@link CallTrace} goes with the call
 * and names its spans. {@link SpanExport} gets the record of a call at its end; {@link CallSpans} makes the spans of it, with the
 * {@link SpanFields} that they have. Nothing of this exists until {@link TracingAutoConfiguration} finds an exporter.
 */
@NullMarked
package io.middleware.gateway.tracing;

import org.jspecify.annotations.NullMarked;
