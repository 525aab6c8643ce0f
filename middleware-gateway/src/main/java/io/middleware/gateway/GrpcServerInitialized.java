package io.middleware.gateway;

import org.springframework.context.ApplicationEvent;

/** Published when the gateway's gRPC server listens. */
public final class GrpcServerInitialized extends ApplicationEvent {
    private final int port;

    public GrpcServerInitialized(Object source, int port) {
        super(source);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
