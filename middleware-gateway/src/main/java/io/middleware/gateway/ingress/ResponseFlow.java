package io.middleware.gateway.ingress;

/** Sent up a stream's pipeline: whether more of the response may come, or what came is still being translated. */
public enum ResponseFlow {
    PAUSED,
    RESUMED
}
