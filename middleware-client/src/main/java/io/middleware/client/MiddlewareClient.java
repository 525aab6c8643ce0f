package io.middleware.client;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls gRPC services through the middleware, or any gRPC server directly:
 *
 * <pre>{@code
 * try (var client = MiddlewareClient.connect("127.0.0.1:9090")) {
 *     var hello = client.stub(HelloServiceGrpc::newBlockingStub);
 *     System.out.println(hello.sayHello(HelloRequest.newBuilder().setMessage("Hello").build()).getMessage());
 * }
 * }</pre>
 *
 * <p>A client connects with its first call, reconnects by itself after a failure, and is safe for many threads: make
 * one and keep it. A call that cannot connect to the target fails at once with {@code UNAVAILABLE} instead of waiting.
 */
public final class MiddlewareClient implements AutoCloseable {

    /** The header with a call's id. A call without one gets a random id. */
    public static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);

    /** The header by which servers recognise a call that is sent again. */
    public static final Metadata.Key<String> IDEMPOTENCY_KEY =
            Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);

    private static final Pattern PORT = Pattern.compile(":(\\d{1,9})\\d*$");

    private final List<ManagedChannel> connections;
    private final Channel channel;

    private MiddlewareClient(String target, ClientOptions options) {
        ManagedChannel plain = newConnection(target, options, Map.of());
        ManagedChannel hedging =
                newConnection(target, options, options.hedging().serviceConfig());
        ManagedChannel retrying = newConnection(target, options, Retrying.SERVICE_CONFIG);
        connections = List.of(plain, hedging, retrying);
        Channel routed = options.hedging().isOn()
                ? new HedgingChannel(hedging, retrying, plain, new HedgeBudget(System::nanoTime))
                : plain;
        Channel keyed =
                options.idempotencyKeys() ? ClientInterceptors.intercept(routed, new IdempotencyKeys()) : routed;
        channel = ClientInterceptors.intercept(keyed, new UnaryDeadline(options.deadline()), new CallId());
    }

    /** Returns a client with {@linkplain ClientOptions#defaults() default options}. */
    public static MiddlewareClient connect(String target) {
        return connect(target, ClientOptions.defaults());
    }

    /**
     * Returns a client with the given options.
     *
     * @param target {@code HOST:PORT}, or any name that gRPC resolves ({@code dns:///HOST:PORT}). If a name has several
     *               addresses, calls use them in turn
     * @throws IllegalArgumentException if gRPC cannot parse the target
     */
    public static MiddlewareClient connect(String target, ClientOptions options) {
        requirePort(target);
        return new MiddlewareClient(target, options);
    }

    /**
     * Returns a generated stub whose calls this client makes.
     *
     * @param factory one of the generated methods, such as {@code HelloServiceGrpc::newBlockingStub}
     */
    public <S> S stub(Function<? super Channel, S> factory) {
        return factory.apply(channel);
    }

    /** Ends the calls in flight and the connections. */
    @Override
    public void close() {
        connections.forEach(ManagedChannel::shutdownNow);
    }

    /** Checks the port. gRPC accepts any number, and would then never finish resolving the name. */
    private static void requirePort(String target) {
        Matcher port = PORT.matcher(target);
        if (port.find() && Integer.parseInt(port.group(1)) > 65535) {
            throw new IllegalArgumentException("port: expected 0 to 65535, got " + port.group(1));
        }
    }

    static ManagedChannel newConnection(String target, ClientOptions options, Map<String, ?> serviceConfig) {
        return Grpc.newChannelBuilder(target, options.credentials())
                .keepAliveTime(options.keepAlive().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(options.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
                .defaultLoadBalancingPolicy("round_robin")
                .defaultServiceConfig(serviceConfig)
                .disableServiceConfigLookUp()
                // even without a policy, gRPC then retries attempts that provably never reached the server
                .enableRetry()
                .build();
    }
}
