package io.middleware.load;

import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.middleware.client.ClientOptions;
import io.middleware.client.MiddlewareClient;
import java.time.Duration;

/** A channel for gRPC calls, and how it is closed. */
record Connection(Channel channel, AutoCloseable end) {

    /** Opens a channel of gRPC alone. */
    static Connection plain(String target) {
        ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        return new Connection(channel, channel::shutdownNow);
    }

    /** Opens one of the project's client, which hedges when a gateway is silent. */
    static Connection hedging(String target, Duration deadline) {
        MiddlewareClient client =
                MiddlewareClient.connect(target, ClientOptions.defaults().withDeadline(deadline));
        return new Connection(client.stub(channel -> channel), client);
    }
}
