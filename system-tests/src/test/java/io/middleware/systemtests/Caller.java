package io.middleware.systemtests;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A stock gRPC client of the address that Nginx serves. */
final class Caller implements AutoCloseable {

    private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", Stack.GRPC_PORT)
            .usePlaintext()
            .disableRetry()
            .build();
    private final AtomicReference<Metadata> headers = new AtomicReference<>();
    private final AtomicReference<Metadata> trailers = new AtomicReference<>();
    private final Channel observed =
            ClientInterceptors.intercept(channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    String sayHello(String greeting) {
        return blocking()
                .sayHello(HelloRequest.newBuilder().setMessage(greeting).build())
                .getMessage();
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
