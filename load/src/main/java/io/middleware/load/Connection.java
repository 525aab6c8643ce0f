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

    /** Opens one of the project's client, which hedges when a gateway is silent. */
    static Connection hedging(String target, ChannelCredentials credentials, Duration deadline) {
        MiddlewareClient client = MiddlewareClient.connect(
                target,
                ClientOptions.defaults()
                        .withDeadline(deadline)
                        .withCredentials(credentials)
                        // signatures are the calls that nobody may send again
                        .withIdempotencyKeys(false));
        return new Connection(client.stub(channel -> channel), client);
    }
}
