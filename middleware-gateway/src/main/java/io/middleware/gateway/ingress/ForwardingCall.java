package io.middleware.gateway.ingress;

import io.middleware.core.Chunk;
import io.middleware.core.OngoingCall;

/** Passes a call on to another one, but for what an implementation does itself. */
public interface ForwardingCall extends OngoingCall {
    /** Returns the call that gets everything. */
    OngoingCall next();

    @Override
    default void send(Chunk chunk, boolean last) {
        next().send(chunk, last);
    }

    @Override
    default void halfClose() {
        next().halfClose();
    }

    @Override
    default void cancel() {
        next().cancel();
    }

    @Override
    default boolean writable() {
        return next().writable();
    }

    @Override
    default void wantMore(boolean more) {
        next().wantMore(more);
    }

    @Override
    default OngoingCall actual() {
        return next().actual();
    }
}
