package io.middleware.systemtests;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Metadata.Key;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceBlockingStub;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceStub;

/** A stock gRPC client of the address that Nginx serves. */
final class Caller implements AutoCloseable {

    /** For the method that may be repeated, as docs/operations.md gives it. */
    private static final Map<String, ?> RETRIES = Map.of("methodConfig", List.of(Map.of(
            "name", List.of(Map.of("service", HelloServiceGrpc.SERVICE_NAME, "method", "SayHello")),
            "retryPolicy", Map.of("maxAttempts", 3.0, "initialBackoff", "0.02s", "maxBackoff", "0.1s", "backoffMultiplier", 4.0,
                    "retryableStatusCodes", List.of("UNAVAILABLE")))));

    private final ManagedChannel channel;
    private final AtomicReference<Metadata> headers = new AtomicReference<>();
    private final AtomicReference<Metadata> trailers = new AtomicReference<>();
    private final Channel observed;

    /** Repeats nothing. */
    Caller() {
        this(NettyChannelBuilder.forAddress("127.0.0.1", Stack.GRPC_PORT).usePlaintext().disableRetry().build());
    }

    private Caller(ManagedChannel channel) {
        this.channel = channel;
        this.observed = ClientInterceptors.intercept(channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    }

    static Caller asTheManualWantsIt() {
        return new Caller(channelAsTheManualWantsIt());
    }

    static ManagedChannel channelAsTheManualWantsIt() {
        return NettyChannelBuilder.forAddress("127.0.0.1", Stack.GRPC_PORT).usePlaintext().defaultServiceConfig(RETRIES).build();
    }

    String sayHello(String greeting) {
        return blocking().sayHello(HelloRequest.newBuilder().setMessage(greeting).build()).getMessage();
    }

    HelloServiceBlockingStub blocking() {
        return HelloServiceGrpc.newBlockingStub(observed).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    /** Without a deadline. */
    HelloServiceStub async() {
        return HelloServiceGrpc.newStub(channel);
    }

    /** A header of the last blocking call's answer, or null. */
    String lastHeader(String name) {
        return headers.get() == null ? null : headers.get().get(Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
