package io.middleware.gateway.transport;

import java.time.Duration;

/**
 * How the transport connects to instances.
 *
 * @param connectTimeout how long a server may take to accept a connection
 * @param perInstance    the most connections of one event loop to one instance
 * @param idleTimeout    how long a connection beside the first is kept without a stream
 * @param tls            whether connections speak TLS
 */
public record ConnectionOptions(Duration connectTimeout, int perInstance, Duration idleTimeout, InstanceTls tls) {
    /** Makes options for plain connections. */
    public ConnectionOptions(Duration connectTimeout, int perInstance, Duration idleTimeout) {
        this(connectTimeout, perInstance, idleTimeout, InstanceTls.NONE);
    }

    public ConnectionOptions {
        if (perInstance < 1) {
            throw new IllegalArgumentException("per-instance: " + perInstance + " (expected: 1 or more)");
        }
        if (connectTimeout.toMillis() < 10) {
            throw new IllegalArgumentException("connect-timeout: " + connectTimeout + " (expected: 10 ms or more)");
        }
    }
}
