package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingServerCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.NginxServer;
import io.middleware.testsupport.ProjectNginx;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata by gRPC through a real Nginx with the configuration of this project, a gateway and a server. */
class LargeMetadataIT {
    private static final Metadata.Key<String> PAD = Metadata.Key.of("x-pad", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PLACE = Metadata.Key.of("x-place", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LIMIT = 128 << 10;

    private final AtomicInteger executed = new AtomicInteger();
    private Server server;
    private GatewayHarness gateway;
    private NginxServer nginx;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .maxInboundMetadataSize(LIMIT)
                .addService(ServerInterceptors.intercept(new Service(), new Pads()))
                .build()
                .start();
        gateway = new GatewayHarness().register("hello-1", server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
        int port = FreePorts.next();
        nginx = ProjectNginx.startForGrpc(
                FreePorts.next(), port, gateway.server().port());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .disableRetry()
                .maxInboundMetadataSize(LIMIT)
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        nginx.close();
        gateway.close();
        server.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 40_000, 62_000})
    void passesInEachPlaceAndDirection(int size) {
        String pad = pad(size);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        var stub = stub().withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

        stub.withInterceptors(sending(pad, "headers")).sayHello(hello("any"));
        assertThat(headers.get().get(PAD)).as(nginx.log()).isEqualTo(pad);

        stub.withInterceptors(sending(pad, "trailers")).sayHello(hello("any"));
        assertThat(trailers.get().get(PAD)).as(nginx.log()).isEqualTo(pad);

        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> stub.withInterceptors(sending(pad, "trailers")).sayHello(hello("error")));
        assertThat(error.getStatus().getCode()).as(nginx.log()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getTrailers().get(PAD)).isEqualTo(pad);
        assertThat(executed.get()).as("each once").isEqualTo(3);
    }

    /** Each counts 39 octets by HTTP/2's measure: 1,600 are within the limit of 64 KiB. */
    @ParameterizedTest
    @ValueSource(ints = {900, 1_000, 1_600})
    void manyHeaders_passLikeFew(int count) {
        assertThat(stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(many(count)))
                        .sayHello(hello("any"))
                        .getMessage())
                .as(nginx.log())
                .isEqualTo("done");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_500, 6_000})
    void moreHeadersThanPass_areTooLarge(int count) {
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(many(count)))
                        .sayHello(hello("any")));
        assertThat(error.getStatus().getCode()).as(nginx.log()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(error.getStatus().getDescription()).contains("metadata is larger than 64 KiB");
        assertThat(executed.get()).isZero();
    }

    private static Metadata many(int count) {
        Metadata headers = new Metadata();
        for (int i = 0; i < count; i++) {
            headers.put(Metadata.Key.of("x-m" + (1_000 + i), Metadata.ASCII_STRING_MARSHALLER), "");
        }
        return headers;
    }

    /** Nginx ends a connection for a header that is too large for it, so it takes more than any gateway. */
    @ParameterizedTest
    @ValueSource(ints = {70_000, 200_000, 400_000})
    void moreThanPasses_failsThatCallOnly(int size) throws Exception {
        List<ListenableFuture<HelloReply>> others = Stream.generate(() -> HelloServiceGrpc.newFutureStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .sayHello(hello("wait")))
                .limit(8)
                .toList();
        await().until(() -> executed.get() == others.size());
        StatusRuntimeException error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> stub().withInterceptors(sending(pad(size), "trailers")).sayHello(hello("any")));
        assertThat(error.getStatus().getCode()).as(nginx.log()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(error.getStatus().getDescription()).contains("metadata is larger than");

        stub().sayHello(hello("go on"));
        for (ListenableFuture<HelloReply> other : others) {
            assertThat(other.get().getMessage()).isEqualTo("waited");
        }
    }

    private HelloServiceGrpc.HelloServiceBlockingStub stub() {
        return HelloServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static ClientInterceptor sending(String pad, String place) {
        Metadata headers = new Metadata();
        headers.put(PAD, pad);
        headers.put(PLACE, place);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** Characters that HPACK makes little smaller. */
    private static String pad(int size) {
        StringBuilder pad = new StringBuilder(size);
        for (int i = 0; i < size; i++) {
            pad.append((char) ('A' + i % 26));
        }
        return pad.toString();
    }

    private static HelloRequest hello(String message) {
        return HelloRequest.newBuilder().setMessage(message).build();
    }

    private final class Service extends HelloServiceGrpc.HelloServiceImplBase {
        private final List<StreamObserver<HelloReply>> patient = new CopyOnWriteArrayList<>();

        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> response) {
            executed.incrementAndGet();
            switch (request.getMessage()) {
                case "wait" -> patient.add(response);
                case "error" -> response.onError(Status.INVALID_ARGUMENT.asRuntimeException());
                case "go on" -> {
                    patient.forEach(each -> reply(each, "waited"));
                    reply(response, "done");
                }
                default -> reply(response, "done");
            }
        }

        private static void reply(StreamObserver<HelloReply> to, String message) {
            to.onNext(HelloReply.newBuilder().setMessage(message).build());
            to.onCompleted();
        }
    }

    /** Gives the caller's metadata back, before the reply or at the end. */
    private static final class Pads implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String pad = headers.get(PAD);
            boolean before = "headers".equals(headers.get(PLACE));
            return next.startCall(
                    pad == null
                            ? call
                            : new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                                @Override
                                public void sendHeaders(Metadata leading) {
                                    if (before) {
                                        leading.put(PAD, pad);
                                    }
                                    super.sendHeaders(leading);
                                }

                                @Override
                                public void close(Status status, Metadata trailers) {
                                    if (!before) {
                                        trailers.put(PAD, pad);
                                    }
                                    super.close(status, trailers);
                                }
                            },
                    headers);
        }
    }
}
