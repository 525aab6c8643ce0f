package io.middleware.load;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.middleware.client.CallerCredential;
import io.middleware.client.ClientOptions;
import io.middleware.client.MiddlewareClient;
import java.time.Duration;

/** A channel for gRPC calls, and how it is closed. */
record Connection(Channel channel, AutoCloseable end) {

    /** Returns the same with a credential on each call. */
    Connection as(CallerCredential credential) {
        return new Connection(ClientInterceptors.intercept(channel, credential.interceptor()), end);
    }

    /** Opens a channel of gRPC alone. */
    static Connection plain(String target, ChannelCredentials credentials) {
        ManagedChannel channel = Grpc.newChannelBuilder(target, credentials).build();
        return new Connection(channel, channel::shutdownNow);
    }

    /**
     * Opens one of the project's client, which hedges when a gateway is silent.
     *
     * @param keys whether it gives calls that are not idempotent a key
     */
    static Connection hedging(String target, ChannelCredentials credentials, Duration deadline, boolean keys) {
        MiddlewareClient client = MiddlewareClient.connect(
                target,
                ClientOptions.defaults()
                        .withDeadline(deadline)
                        .withCredentials(credentials)
                        .withIdempotencyKeys(keys));
        return new Connection(client.stub(channel -> channel), client);
    }
}
