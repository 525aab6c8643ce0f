package io.middleware.gateway.tracing;

import io.middleware.core.Call;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.jspecify.annotations.Nullable;

/** Gives the spans of each call whose trace is sampled to the processor, which queues them for its own thread, or drops them. */
final class SpanExport implements CallListener {
    private final SpanProcessor processor;
    private final Resource gateway;
    private final Ticker ticker;
    private final Clock clock;

    /** {@code gateway}: what the spans are of. */
    SpanExport(SpanProcessor processor, Resource gateway, Ticker ticker, Clock clock) {
        this.processor = processor;
        this.gateway = gateway;
        this.ticker = ticker;
        this.clock = clock;
    }

    @Override
    public void onEnd(CallRecord record) {
        if (record.trace() instanceof CallTrace trace && trace.sampled()) {
            long epoch = clock.now() - ticker.nanos();
            new CallSpans(record, trace, callId(record), epoch, gateway).all().forEach(processor::onEnd);
        }
    }

    private static @Nullable String callId(CallRecord record) {
        Call call = record.call();
        CharSequence id = call == null ? null : call.headers().get(MiddlewareHeaders.CALL_ID);
        return id == null ? null : id.toString();
    }
}
