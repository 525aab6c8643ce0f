package io.middleware.core;

import org.jspecify.annotations.Nullable;

/** Starts calls: by instances, as {@link io.middleware.core.call.Failover} does, or without any. */
public interface CallHandler {
    /**
     * Starts a call. Its caller gets what follows.
     *
     * @return null if there is no such method; then the caller has got the failure
     */
    @Nullable
    OngoingCall start(Call call);
}
