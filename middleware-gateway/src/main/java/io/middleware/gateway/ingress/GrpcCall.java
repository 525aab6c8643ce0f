package io.middleware.gateway.ingress;

import io.middleware.gateway.transport.StreamFrames;

/** A call by gRPC on a caller's stream, whose frames it reads. Confined to the stream's event loop. */
public interface GrpcCall extends StreamFrames {
    /** Ends the call: its caller broke the protocol, or what passes cannot be translated. */
    void fail(CallFault fault);

    /** Takes no more of the response while what has come of it is still being translated, or goes on. */
    void pauseResponse(boolean paused);
}
