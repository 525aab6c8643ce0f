package io.middleware.gateway.tap;

import io.middleware.core.Chunk;
import io.middleware.core.OngoingCall;

/** Passes a request on, of which {@code caller} keeps the first bytes. */
record CapturedCall(OngoingCall call, CapturedCaller caller) implements OngoingCall {
    @Override
    public void send(Chunk chunk, boolean last) {
        caller.onRequest(chunk);
        call.send(chunk, last);
    }

    @Override
    public void halfClose() {
        call.halfClose();
    }

    @Override
    public void cancel() {
        call.cancel();
    }

    @Override
    public boolean writable() {
        return call.writable();
    }

    @Override
    public void wantMore(boolean more) {
        call.wantMore(more);
    }

    @Override
    public OngoingCall actual() {
        return call.actual();
    }
}
