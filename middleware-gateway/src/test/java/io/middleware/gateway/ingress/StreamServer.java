package io.middleware.gateway.ingress;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.Status;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A real gRPC server with all four kinds of call behind a gateway that serves all protocols. */
public final class StreamServer implements AutoCloseable {
    public static final String UNARY = "/hello.v1.HelloService/SayHello";
    public static final String SERVER_STREAM = "/hello.v1.HelloService/SayHelloEverywhere";
    public static final String CLIENT_STREAM = "/hello.v1.HelloService/SayHelloTogether";
    public static final String BIDIRECTIONAL = "/hello.v1.HelloService/Converse";
    /** Bytes of the largest message that the gateway translates. */
    public static final int LARGEST = 1 << 20;

    /** Bytes of large bodies that the gateway holds at most. */
    public static final int MOST_HELD = 8 << 20;

    private static final Metadata.Key<String> LEADING = Metadata.Key.of("leading", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> DEAF = Metadata.Key.of("deaf", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRAILING = Metadata.Key.of("trailing", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> TRAILING_BIN =
            Metadata.Key.of("trailing-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicInteger sent = new AtomicInteger();
    private final BodyBudget bodies = new BodyBudget(MOST_HELD);
    private final GatewayHarness gateway = new GatewayHarness().serveOtherProtocols(LARGEST, bodies);
    private final Server server;

    public StreamServer() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .maxInboundMessageSize(16 << 20)
                    .addService(ServerInterceptors.intercept(new Greetings(), new Noting()))
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gateway.register("one", server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
        gateway.directory().markLoaded();
        await().until(() -> gateway.schemas().schema().methods().containsKey(UNARY));
    }

    /** Registers an instance that nobody runs. */
    public void registerDead() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            gateway.register("dead", free.getLocalPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
        }
    }

    public GatewayHarness gateway() {
        return gateway;
    }

    public int port() {
        return gateway.server().port();
    }

    /** Returns the metadata of the last call. */
    public Map<String, String> seen() {
        return seen;
    }

    /** Returns the bytes of large bodies that the gateway holds. */
    public long held() {
        return bodies.held();
    }

    /** Returns how many messages an endless stream has sent. */
    public int sent() {
        return sent.get();
    }

    /** Returns whether a call was cancelled, or is within a second. */
    public boolean awaitCancelled() throws InterruptedException {
        return cancelled.await(1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        gateway.close();
        server.shutdownNow();
    }

    private static HelloReply reply(String message) {
        return HelloReply.newBuilder().setMessage(message).build();
    }

    /** Returns a reply whose text is not UTF-8. */
    private static HelloReply damaged() {
        UnknownFieldSet.Field text = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFrom(new byte[] {(byte) 0xff}))
                .build();
        return HelloReply.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(HelloReply.MESSAGE_FIELD_NUMBER, text)
                        .build())
                .build();
    }

    private final class Greetings extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            replies.onNext(reply("Hello " + request.getMessage()));
            replies.onCompleted();
        }

        /**
         * {@code N}: so many replies; {@code size N}: one so large; {@code endless N}: as many so large as are taken; {@code
         * damaged}: one that cannot be parsed; else an error with details.
         */
        @Override
        public void sayHelloEverywhere(HelloRequest request, StreamObserver<HelloReply> replies) {
            String[] words = request.getMessage().split(" ");
            if (words[0].equals("size")) {
                replies.onNext(reply("x".repeat(Integer.parseInt(words[1]))));
                replies.onCompleted();
            } else if (words[0].equals("endless")) {
                sendWhileReady((ServerCallStreamObserver<HelloReply>) replies, Integer.parseInt(words[1]));
            } else if (words[0].equals("damaged")) {
                replies.onNext(damaged());
                replies.onCompleted();
            } else if (words[0].matches("[0-9]+")) {
                for (int i = 0; i < Integer.parseInt(words[0]); i++) {
                    replies.onNext(reply("reply " + i));
                }
                replies.onCompleted();
            } else {
                replies.onNext(reply("one"));
                replies.onError(StatusProto.toStatusRuntimeException(Status.newBuilder()
                        .setCode(9)
                        .setMessage("not now: \u00e4")
                        .addDetails(Any.pack(StringValue.of("why")))
                        .build()));
            }
        }

        private void sendWhileReady(ServerCallStreamObserver<HelloReply> replies, int size) {
            replies.setOnCancelHandler(cancelled::countDown);
            replies.setOnReadyHandler(() -> {
                while (replies.isReady()) {
                    replies.onNext(reply("x".repeat(size)));
                    sent.incrementAndGet();
                }
            });
        }

        @Override
        public StreamObserver<HelloRequest> sayHelloTogether(StreamObserver<HelloReply> replies) {
            StringBuilder all = new StringBuilder();
            return observer(
                    replies,
                    message -> all.append(message.length() > 99 ? message.length() : message)
                            .append(';'),
                    () -> replies.onNext(reply(all.toString())));
        }

        @Override
        public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> replies) {
            ((ServerCallStreamObserver<HelloReply>) replies).setOnCancelHandler(cancelled::countDown);
            return observer(replies, message -> replies.onNext(reply("re: " + message)), () -> {});
        }

        private StreamObserver<HelloRequest> observer(
                StreamObserver<HelloReply> replies, Consumer<String> each, Runnable atEnd) {
            return new StreamObserver<>() {
                @Override
                public void onNext(HelloRequest request) {
                    each.accept(request.getMessage());
                }

                @Override
                public void onError(Throwable gone) {
                    cancelled.countDown();
                }

                @Override
                public void onCompleted() {
                    atEnd.run();
                    replies.onCompleted();
                }
            };
        }
    }

    /** Notes the metadata of calls, and adds some to responses. Reads nothing of calls that want it deaf. */
    private final class Noting implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            seen.clear();
            for (String name : headers.keys()) {
                if (!name.endsWith("-bin")) {
                    seen.put(name, headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
                }
            }
            ServerCall<Q, R> noting = new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                @Override
                public void request(int messages) {
                    if (!headers.containsKey(DEAF)) {
                        super.request(messages);
                    }
                }

                @Override
                public void sendHeaders(Metadata leading) {
                    leading.put(LEADING, "first");
                    super.sendHeaders(leading);
                }

                @Override
                public void close(io.grpc.Status status, Metadata trailers) {
                    trailers.put(TRAILING, "last");
                    trailers.put(TRAILING_BIN, new byte[] {1, 2, 3});
                    super.close(status, trailers);
                }
            };
            return next.startCall(noting, headers);
        }
    }
}
