package io.middleware.gateway.ingress;

import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.StreamEnd;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a caller that does not speak gRPC and its call, which does. Passes everything on, both ways, but for
 * what a protocol overrides. Confined to the stream's event loop.
 */
public abstract class ConvertedStream extends ForwardingStream implements ForwardingGrpcCall {
    private @Nullable StreamEnd caller;
    private @Nullable GrpcCall call;
    private @Nullable FlushBatch flushes;

    /** Called once, before the first frame. */
    public final void begin(StreamEnd caller, GrpcCall call, FlushBatch flushes) {
        this.caller = caller;
        this.call = call;
        this.flushes = flushes;
    }

    @Override
    protected final StreamEnd caller() {
        return Objects.requireNonNull(caller, "it has begun");
    }

    @Override
    public final GrpcCall call() {
        return Objects.requireNonNull(call, "it has begun");
    }

    /** Returns what flushes the connection. */
    protected final FlushBatch flushes() {
        return Objects.requireNonNull(flushes, "it has begun");
    }
}
