package io.middleware.systemtests;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Metadata.Key;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceStub;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Calls of the demo by gRPC, whose caller retries nothing. */
final class GrpcCalls implements AutoCloseable {

    private static final Key<String> TRIED = Key.of("middleware-tried", Metadata.ASCII_STRING_MARSHALLER);
    private static final HelloRequest HELLO = HelloRequest.getDefaultInstance();
    private static final HelloRequest HOLA =
            HelloRequest.newBuilder().setMessage("Hola").build();

    private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", Stack.GRPC_PORT)
            .usePlaintext()
            .disableRetry()
            .build();
    private final Executor later;

    /** {@code later}: runs what a caller sends after its first message. */
    GrpcCalls(Executor later) {
        this.later = later;
    }

    CompletableFuture<Received> unary() {
        return withOneRequest((stub, replies) -> stub.sayHello(HELLO, replies));
    }

    CompletableFuture<Received> serverStream() {
        return withOneRequest((stub, replies) -> stub.sayHelloEverywhere(HELLO, replies));
    }

    CompletableFuture<Received> clientStream() {
        return withTwoRequests(stub -> stub::sayHelloTogether);
    }

    CompletableFuture<Received> conversation() {
        return withTwoRequests(stub -> stub::converse);
    }

    private CompletableFuture<Received> withOneRequest(
            BiConsumer<HelloServiceStub, StreamObserver<HelloReply>> method) {
        Replies replies = new Replies();
        method.accept(replies.stub(channel), replies);
        return replies.received;
    }

    /** The second is sent later: a server may be lost before. */
    private CompletableFuture<Received> withTwoRequests(
            Function<HelloServiceStub, Function<StreamObserver<HelloReply>, StreamObserver<HelloRequest>>> method) {
        Replies replies = new Replies();
        StreamObserver<HelloRequest> requests =
                method.apply(replies.stub(channel)).apply(replies);
        requests.onNext(HELLO);
        later.execute(() -> {
            requests.onNext(HOLA);
            requests.onCompleted();
        });
        return replies.received;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Replies implements StreamObserver<HelloReply> {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Received> received = new CompletableFuture<>();
        private final AtomicReference<Metadata> headers = new AtomicReference<>();
        private final AtomicReference<Metadata> trailers = new AtomicReference<>();

        HelloServiceStub stub(ManagedChannel channel) {
            return HelloServiceGrpc.newStub(ClientInterceptors.intercept(
                            channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)))
                    .withDeadlineAfter(HelloCalls.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void onNext(HelloReply reply) {
            messages.add(reply.getMessage());
        }

        @Override
        public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            end(status.getCode().name().toLowerCase(Locale.ROOT) + ": " + status.getDescription());
        }

        @Override
        public void onCompleted() {
            end("");
        }

        private void end(String error) {
            Metadata first = headers.get();
            received.complete(new Received(List.copyOf(messages), error, first != null && first.containsKey(TRIED)));
        }
    }
}
