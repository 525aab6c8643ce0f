package io.middleware.gateway.numbers;

import static org.awaitility.Awaitility.await;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.gateway.numbers.v1.CountRequest;
import io.middleware.gateway.numbers.v1.Number;
import io.middleware.gateway.numbers.v1.NumbersGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** A real gRPC server of streams. */
public final class NumbersServer implements AutoCloseable {
    public static final String GRPC_SERVICE = "numbers.v1.Numbers";
    private static final Metadata.Key<String> ECHO = Metadata.Key.of("echo", Metadata.ASCII_STRING_MARSHALLER);

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final Server server;
    /** Whether a call of Sum takes its numbers. */
    private volatile boolean reads = true;

    public NumbersServer() {
        try {
            server = NettyServerBuilder.forPort(0)
                    .executor(executor)
                    .maxInboundMessageSize(64 << 20)
                    .addService(ServerInterceptors.intercept(new Numbers(), new Echo()))
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Messages sent in all calls together. */
    public long sent() {
        return sent.get();
    }

    /** Messages received in all calls together. */
    public long received() {
        return received.get();
    }

    public int started() {
        return started.get();
    }

    public int cancelled() {
        return cancelled.get();
    }

    public void stopReading() {
        reads = false;
    }

    @Override
    public void close() {
        server.shutdownNow();
        await().until(server::isTerminated);
        executor.shutdownNow();
    }

    private final class Numbers extends NumbersGrpc.NumbersImplBase {
        @Override
        public void count(CountRequest request, StreamObserver<Number> reply) {
            String text = "x".repeat(request.getSize());
            send(
                    request,
                    reply,
                    value -> Number.newBuilder().setValue(value).setText(text).build());
        }

        @Override
        public void download(CountRequest request, StreamObserver<HttpBody> reply) {
            send(
                    request,
                    reply,
                    value -> HttpBody.newBuilder()
                            .setContentType(value == 1 ? "text/plain" : "")
                            .setData(ByteString.copyFromUtf8(value + "\n"))
                            .build());
        }

        @Override
        public StreamObserver<Number> sum(StreamObserver<Number> reply) {
            started.incrementAndGet();
            ServerCallStreamObserver<Number> call = (ServerCallStreamObserver<Number>) reply;
            call.setOnCancelHandler(cancelled::incrementAndGet);
            if (!reads) {
                call.disableAutoRequest();
            }
            return new StreamObserver<>() {
                private long sum;

                @Override
                public void onNext(Number number) {
                    received.incrementAndGet();
                    sum += number.getValue();
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    reply.onNext(Number.newBuilder().setValue(sum).build());
                    reply.onCompleted();
                }
            };
        }

        @Override
        public StreamObserver<Number> double_(StreamObserver<Number> reply) {
            started.incrementAndGet();
            ((ServerCallStreamObserver<Number>) reply).setOnCancelHandler(cancelled::incrementAndGet);
            return new StreamObserver<>() {
                @Override
                public void onNext(Number number) {
                    received.incrementAndGet();
                    reply.onNext(
                            number.toBuilder().setValue(2 * number.getValue()).build());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    reply.onCompleted();
                }
            };
        }
    }

    private <T> void send(CountRequest request, StreamObserver<T> to, LongFunction<T> message) {
        started.incrementAndGet();
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) to;
        call.setOnCancelHandler(cancelled::incrementAndGet);
        AtomicLong value = new AtomicLong();
        Runnable more = () -> {
            while (call.isReady() && !call.isCancelled()) {
                long next = value.get() + 1;
                if (request.getStopAfter() > 0 && next > request.getStopAfter()) {
                    return;
                }
                if (request.getCount() >= 0 && next > request.getCount()) {
                    end(request, call, value);
                    return;
                }
                value.set(next);
                sent.incrementAndGet();
                call.onNext(message.apply(next));
            }
        };
        call.setOnReadyHandler(more);
        more.run();
    }

    private static void end(CountRequest request, StreamObserver<?> call, AtomicLong value) {
        if (value.getAndSet(Long.MIN_VALUE / 2) < 0) {
            return;
        }
        if (request.getCode() == 0) {
            call.onCompleted();
        } else {
            call.onError(Status.fromCodeValue(request.getCode())
                    .withDescription("as requested")
                    .asRuntimeException());
        }
    }

    /** Sends a header of the caller back as leading metadata, and as a trailer. */
    private static final class Echo implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String echo = headers.get(ECHO);
            return next.startCall(
                    new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata leading) {
                            if (echo != null) {
                                leading.put(ECHO, echo);
                            }
                            super.sendHeaders(leading);
                        }

                        @Override
                        public void close(Status status, Metadata trailing) {
                            if (echo != null) {
                                trailing.put(ECHO, echo);
                            }
                            super.close(status, trailing);
                        }
                    },
                    headers);
        }
    }
}
