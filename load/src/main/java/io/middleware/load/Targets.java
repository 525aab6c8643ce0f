package io.middleware.load;

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
import java.util.function.Supplier;

/** The targets of a run. Each connects with its first call. */
final class Targets implements AutoCloseable {

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Kind, Target> targets = new EnumMap<>(Kind.class);

    /**
     * @param grpc        opens a connection for gRPC calls
     * @param keyed       opens one for those with an idempotency key
     * @param http        where {@code /hello} is
     * @param share       which calls ask for a lower priority
     * @param connections number of connections over which the calls of each gRPC method are spread
     * @throws IllegalArgumentException if an address is invalid
     */
    Targets(
            Set<Kind> kinds,
            Supplier<Connection> grpc,
            Supplier<Connection> keyed,
            HttpAccess http,
            Duration deadline,
            PriorityShare share,
            int connections) {
        for (Kind kind : kinds) {
            targets.put(
                    kind,
                    switch (kind) {
                        case GRPC -> SpreadTarget.over(connections, () -> hello(grpc.get(), deadline, share));
                        case SIGN -> SpreadTarget.over(connections, () -> sign(grpc.get(), deadline, share));
                        case KEYED -> SpreadTarget.over(connections, () -> sign(keyed.get(), deadline, share));
                        case HTTP ->
                            new HttpTarget(
                                    URI.create(http.url()).resolve("/hello"),
                                    http,
                                    "\"World\"",
                                    deadline,
                                    share,
                                    executor);
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

    private Target hello(Connection connection, Duration deadline, PriorityShare share) {
        return new GrpcTarget<HelloRequest, HelloReply>(
                connection.channel(),
                HelloServiceGrpc.getSayHelloMethod(),
                HelloRequest.newBuilder().setMessage("Hello").build(),
                reply -> reply.getMessage().equals("World"),
                deadline.toNanos(),
                executor,
                connection.end(),
                share);
    }

    private Target sign(Connection connection, Duration deadline, PriorityShare share) {
        SignRequest request =
                SignRequest.newBuilder().setName("load").setMessage("was here").build();
        return new GrpcTarget<>(
                connection.channel(),
                GuestbookGrpc.getSignMethod(),
                request,
                signature -> signature.getName().equals("load"),
                deadline.toNanos(),
                executor,
                connection.end(),
                share);
    }
}
