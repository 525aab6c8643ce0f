package io.middleware.gateway.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A real service that does what the message says: fails, is silent, floods. */
final class Greeter extends HelloServiceGrpc.HelloServiceImplBase {
    static final AtomicLong lastDeadlineMillis = new AtomicLong();

    final Semaphore conversations = new Semaphore(0);
    final Semaphore cancelled = new Semaphore(0);
    final Semaphore silences = new Semaphore(0);
    final AtomicInteger sent = new AtomicInteger();
    final AtomicBoolean heldBack = new AtomicBoolean();
    private static final AtomicBoolean silentOnce = new AtomicBoolean();

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> answer) {
        var deadline = Context.current().getDeadline();
        lastDeadlineMillis.set(deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
        switch (request.getMessage()) {
            case "fail" -> {
                Metadata trailers = new Metadata();
                trailers.put(Metadata.Key.of("detail-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {7, 8, 9});
                answer.onError(
                        Status.FAILED_PRECONDITION.withDescription("não 100 %").asException(trailers));
            }
            case "refuse" -> {
                Metadata trailers = new Metadata();
                trailers.put(Metadata.Key.of("detail-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {7, 8, 9});
                answer.onError(Status.UNAVAILABLE.withDescription("não 100 %").asException(trailers));
            }
            case "silence" -> silences.release();
            case "silence once" -> {
                if (silentOnce.compareAndSet(false, true)) {
                    silences.release();
                } else {
                    reply(answer, "silence once, World");
                }
            }
            default -> reply(answer, request.getMessage() + ", World");
        }
    }

    @Override
    public void sayHelloEverywhere(HelloRequest request, StreamObserver<HelloReply> answer) {
        if (request.getMessage().equals("flood")) {
            flood((ServerCallStreamObserver<HelloReply>) answer);
            return;
        }
        for (int i = 0; i < Integer.parseInt(request.getMessage()); i++) {
            answer.onNext(HelloReply.newBuilder().setMessage("" + i).build());
        }
        answer.onCompleted();
    }

    @Override
    public StreamObserver<HelloRequest> sayHelloTogether(StreamObserver<HelloReply> answer) {
        AtomicInteger count = new AtomicInteger();
        return new Requests(answer, request -> count.incrementAndGet(), () -> reply(answer, "" + count));
    }

    @Override
    public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> answer) {
        ((ServerCallStreamObserver<HelloReply>) answer).setOnCancelHandler(cancelled::release);
        conversations.release();
        return new Requests(
                answer,
                request -> answer.onNext(HelloReply.newBuilder()
                        .setMessage(request.getMessage() + "!")
                        .build()),
                answer::onCompleted);
    }

    private void flood(ServerCallStreamObserver<HelloReply> answer) {
        HelloReply large =
                HelloReply.newBuilder().setMessage("x".repeat(64 << 10)).build();
        Runnable pump = () -> {
            while (answer.isReady() && !answer.isCancelled()) {
                heldBack.set(false);
                sent.incrementAndGet();
                answer.onNext(large);
            }
            heldBack.set(true);
        };
        answer.setOnCancelHandler(() -> {});
        answer.setOnReadyHandler(pump);
    }

    private static void reply(StreamObserver<HelloReply> answer, String message) {
        answer.onNext(HelloReply.newBuilder().setMessage(message).build());
        answer.onCompleted();
    }

    private record Requests(
            StreamObserver<HelloReply> answer, java.util.function.Consumer<HelloRequest> each, Runnable end)
            implements StreamObserver<HelloRequest> {
        @Override
        public void onNext(HelloRequest request) {
            each.accept(request);
        }

        @Override
        public void onError(Throwable failure) {
            // the caller went away
        }

        @Override
        public void onCompleted() {
            end.run();
        }
    }
}
