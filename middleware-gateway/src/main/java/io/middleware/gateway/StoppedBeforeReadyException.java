package io.middleware.gateway;

/** Thrown when the gateway is stopped before Consul has listed any instances. */
final class StoppedBeforeReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedBeforeReadyException() {
        super("told to end while waiting for Consul");
    }
}
