package io.middleware.gateway;

/** The gateway was told to end before Consul had said which instances there are. */
final class NeverOpenedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NeverOpenedException() {
        super("told to end while waiting for Consul");
    }
}
