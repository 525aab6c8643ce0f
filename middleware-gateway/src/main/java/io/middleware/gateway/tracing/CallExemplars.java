package io.middleware.gateway.tracing;

import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.netty.util.concurrent.FastThreadLocal;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells Prometheus' timers the trace of the call that they measure, as an exemplar. A call is measured on its own thread right after
 * the listeners got its record, so the last call that ended on a thread is the one that is measured there. Traces that are not kept
 * are no exemplars: nobody could look them up.
 */
final class CallExemplars implements CallListener, SpanContext {
    private final FastThreadLocal<@Nullable CallTrace> last = new FastThreadLocal<>();

    @Override
    public void onEnd(CallRecord record) {
        last.set(record.trace() instanceof CallTrace trace && trace.sampled() ? trace : null);
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        CallTrace trace = last.get();
        return trace == null ? null : trace.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        CallTrace trace = last.get();
        return trace == null ? null : trace.call().getSpanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return last.get() != null;
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // all spans of a trace that is kept are exported
    }
}
