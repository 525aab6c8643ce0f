package io.middleware.gateway.tap;

import io.middleware.core.Chunk;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.ForwardingCall;

/** Passes a request on, of which {@code caller} keeps the first bytes. */
record CapturedCall(OngoingCall next, CapturedCaller caller) implements ForwardingCall {
    @Override
    public void send(Chunk chunk, boolean last) {
        caller.onRequest(chunk);
        next.send(chunk, last);
    }
}
