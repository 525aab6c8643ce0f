package io.middleware.load;

import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.middleware.client.ClientOptions;
import io.middleware.client.MiddlewareClient;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.SignRequest;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The targets of a run. Each connects with its first call. */
final class Targets implements AutoCloseable {

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Kind, Target> targets = new EnumMap<>(Kind.class);

    /**
     * @param grpc        {@code HOST:PORT}
     * @param http        base address of {@code /hello}
     * @param hedging     whether gRPC calls are made by the project's client, which hedges when a gateway is silent
     * @param connections number of connections over which the calls of each gRPC method are spread
     * @throws IllegalArgumentException if an address is invalid
     */
    Targets(Set<Kind> kinds, String grpc, String http, boolean hedging, Duration deadline, int connections) {
        for (Kind kind : kinds) {
            targets.put(
                    kind,
                    switch (kind) {
                        case GRPC -> SpreadTarget.over(connections, () -> hello(grpc, hedging, deadline));
                        case SIGN -> SpreadTarget.over(connections, () -> sign(grpc, hedging, deadline));
                        case HTTP ->
                            new HttpTarget(URI.create(http).resolve("/hello"), "\"World\"", deadline, executor);
                    });
        }
    }

    Map<Kind, Target> byKind() {
        return targets;
    }

    @Override
    public void close() {
        targets.values().forEach(Target::close);
        executor.shutdownNow();
    }

    private Target hello(String grpc, boolean hedging, Duration deadline) {
        Connection connection = connect(grpc, hedging, deadline);
        return new GrpcTarget<HelloRequest, HelloReply>(
                connection.channel,
                HelloServiceGrpc.getSayHelloMethod(),
                HelloRequest.newBuilder().setMessage("Hello").build(),
                reply -> reply.getMessage().equals("World"),
                deadline.toNanos(),
                executor,
                connection.end);
    }

    private Target sign(String grpc, boolean hedging, Duration deadline) {
        Connection connection = connect(grpc, hedging, deadline);
        SignRequest request =
                SignRequest.newBuilder().setName("load").setMessage("was here").build();
        return new GrpcTarget<>(
                connection.channel,
                GuestbookGrpc.getSignMethod(),
                request,
                signature -> signature.getName().equals("load"),
                deadline.toNanos(),
                executor,
                connection.end);
    }

    private record Connection(Channel channel, AutoCloseable end) {}

    private static Connection connect(String target, boolean hedging, Duration deadline) {
        if (hedging) {
            MiddlewareClient client =
                    MiddlewareClient.connect(target, ClientOptions.defaults().withDeadline(deadline));
            return new Connection(client.stub(channel -> channel), client);
        }
        ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        return new Connection(channel, channel::shutdownNow);
    }
}
