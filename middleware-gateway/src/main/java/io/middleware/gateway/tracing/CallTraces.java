package io.middleware.gateway.tracing;

import io.middleware.core.Call;
import io.middleware.core.record.Trace;
import io.middleware.core.record.TraceSource;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continues the trace of which the caller speaks in {@code traceparent} and {@code tracestate}, or begins one. Headers that W3C Trace
 * Context does not allow count as none.
 */
final class CallTraces implements TraceSource {
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final IdGenerator IDS = IdGenerator.random();
    private static final String STATE = "tracestate";
    /** Says that the trace id is random, which holds for the whole trace. */
    private static final int RANDOM = 2;

    private final Sampler sampler;

    /** {@code sampler}: says which traces are kept, and usually does as the caller did. */
    CallTraces(Sampler sampler) {
        this.sampler = sampler;
    }

    @Override
    public Trace of(Call call) {
        Http2Headers headers = ((NettyHeaders) call.headers()).http2();
        Context context = context(headers);
        SpanContext parent = Span.fromContext(context).getSpanContext();
        if (!parent.isValid()) {
            // it belongs to a trace that is not continued
            headers.remove(STATE);
        }
        String traceId = parent.isValid() ? parent.getTraceId() : IDS.generateTraceId();
        boolean sampled =
                sampler.shouldSample(context, traceId, call.path(), SpanKind.SERVER, Attributes.empty(), List.of())
                                .getDecision()
                        == SamplingDecision.RECORD_AND_SAMPLE;
        int flags = parent.getTraceFlags().asByte() & RANDOM
                | (sampled ? TraceFlags.getSampled().asByte() : 0);
        return new CallTrace(
                parent,
                SpanContext.create(
                        traceId, IDS.generateSpanId(), TraceFlags.fromByte((byte) flags), parent.getTraceState()));
    }

    /** Returns the root for a caller without a span, or with several. */
    private static Context context(Http2Headers headers) {
        return headers.getAll(GrpcHeaders.TRACEPARENT).size() == 1
                ? W3C.extract(Context.root(), headers, HeaderGetter.INSTANCE)
                : Context.root();
    }

    private enum HeaderGetter implements TextMapGetter<Http2Headers> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Http2Headers headers) {
            return headers.names().stream().map(CharSequence::toString).toList();
        }

        @Override
        public @Nullable String get(@Nullable Http2Headers headers, String name) {
            List<CharSequence> values = headers == null ? List.of() : headers.getAll(name);
            return values.isEmpty() ? null : String.join(",", values);
        }
    }
}
