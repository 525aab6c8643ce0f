package io.middleware.gateway.ingress;

import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Failure;
import io.middleware.core.Headers;

/** Passes a response on to its caller, but for what an implementation does itself. */
public interface ForwardingCaller extends Caller {
    /** Returns the caller who gets everything. */
    Caller caller();

    @Override
    default void onHeaders(Headers headers) {
        caller().onHeaders(headers);
    }

    @Override
    default void onChunk(Chunk chunk) {
        caller().onChunk(chunk);
    }

    @Override
    default void onTrailers(Headers trailers) {
        caller().onTrailers(trailers);
    }

    @Override
    default void onFailure(Failure failure) {
        caller().onFailure(failure);
    }

    @Override
    default void onWritabilityChanged() {
        caller().onWritabilityChanged();
    }
}
