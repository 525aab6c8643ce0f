package io.middleware.gateway.tracing;

import io.middleware.core.record.Trace;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;

/**
 * Names the spans of one call. The ids of attempts follow from that of the call, so none need to be kept.
 *
 * @param parent of the caller's span; invalid if the trace begins here
 * @param call   of the call's span
 */
record CallTrace(SpanContext parent, SpanContext call) implements Trace {
    private static final int HEXADECIMAL = 16;
    /** The step of SplitMix64, whose ids are distinct for all numbers below a call's. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    @Override
    public String traceId() {
        return call.getTraceId();
    }

    @Override
    public boolean sampled() {
        return call.isSampled();
    }

    @Override
    public String traceparent(int attempt) {
        return "00-" + traceId() + "-" + spanId(attempt) + "-"
                + call.getTraceFlags().asHex();
    }

    /** Returns the context of an attempt's span. */
    SpanContext attempt(int number) {
        return SpanContext.create(traceId(), spanId(number), call.getTraceFlags(), call.getTraceState());
    }

    private String spanId(int attempt) {
        long id = mix(Long.parseUnsignedLong(call.getSpanId(), HEXADECIMAL) + attempt * STEP);
        return SpanId.fromLong(id == 0 ? STEP : id);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
