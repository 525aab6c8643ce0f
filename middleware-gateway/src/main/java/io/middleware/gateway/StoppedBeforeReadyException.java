package io.middleware.gateway;

/** The gateway was told to end before Consul had said which instances there are. */
final class StoppedBeforeReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedBeforeReadyException() {
        super("told to end while waiting for Consul");
    }
}
