package io.middleware.gateway.stale;

import static io.middleware.core.MethodTraits.Idempotency.IDEMPOTENT;
import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
import io.middleware.core.instance.Pool;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Last good answers by gRPC: real servers that die, and a real client. */
@Timeout(30)
@Tag("slow")
class StaleCallTest {
    private static final String SAY_HELLO = "/" + SERVICE + "/SayHello";
    private static final Metadata.Key<String> COMPRESS = key("compress");

    private final GatewayHarness gateway = new GatewayHarness(
            Settings.defaults(),
            new StaleResponses.Policy(Set.of(SAY_HELLO), Set.of(), List.of("accept-language"), 1 << 16));
    private final List<Server> servers = new ArrayList<>();
    private final AtomicReference<Metadata> headers = new AtomicReference<>();
    private final AtomicReference<Metadata> trailers = new AtomicReference<>();

    @BeforeEach
    void start() throws IOException {
        gateway.register("primary", serve("World"), Pool.PRIMARY, SERVICE)
                .register("secondary", serve("second World"), Pool.SECONDARY, SERVICE)
                .describe(SAY_HELLO, new MethodTraits(true, NO_SIDE_EFFECTS));
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void whenAllServersAreDead_theStaleResponseIsGiven_andSaysWhatItIs() {
        assertThat(hello("Hello")).isEqualTo("Hello, World");
        killAll();

        for (int i = 0; i < 3; i++) {
            assertThat(hello("Hello")).isEqualTo("Hello, World");
            assertThat(header("middleware-fallback")).isEqualTo("stale");
            assertThat(Integer.parseInt(header("age"))).isBetween(0, 30);
            assertThat(Integer.parseInt(header("middleware-attempts"))).isGreaterThanOrEqualTo(2);
            assertThat(header("middleware-gateway")).isEqualTo("gateway-1");
            assertThat(header("middleware-instance")).as("nobody answered").isNull();
            assertThat(header("leading")).as("the answer's own").isEqualTo("of Hello");
            assertThat(trailers.get().get(key("trailing"))).isEqualTo("of Hello");
        }
    }

    @Test
    void secondaryResponds_beforeTheStaleResponseIsGiven() {
        hello("Hello");
        kill(servers.getFirst());

        assertThat(hello("Hello")).isEqualTo("Hello, second World");
        assertThat(header("middleware-fallback")).isEqualTo("secondary");
        assertThat(header("age")).isNull();
    }

    @Test
    void anotherRequest_getsNone() {
        hello("Hello", "accept-language", "en");
        killAll();

        assertUnavailable("Hallo", "accept-language", "en");
        assertUnavailable("Hello", "accept-language", "de");
        assertUnavailable("Hello", "accept-language", "en", "authorization", "Bearer x");
        assertThat(hello("Hello", "accept-language", "en", "x-call-id", "another-1"))
                .isEqualTo("Hello, World");
    }

    @Test
    void methodThatChangesSomething_isLost() {
        gateway.describe(SAY_HELLO, new MethodTraits(true, IDEMPOTENT));
        hello("Hello");
        killAll();
        assertUnavailable("Hello");
    }

    @Test
    void compressedResponse_isPassedOnButNotKept() {
        assertThat(hello("Hello", "compress", "gzip")).isEqualTo("Hello, World");
        killAll();
        assertUnavailable("Hello", "compress", "gzip");
    }

    /** The request's message comes long after its headers, when all servers have failed already. */
    @Test
    void messageThatComesLate_isWaitedFor() throws Exception {
        hello("Hello");
        killAll();
        AtomicReference<String> heard = new AtomicReference<>();
        AtomicReference<Status> ended = new AtomicReference<>();
        // by the kind of the method the client decides whether its headers wait for the message
        ClientCall<HelloRequest, HelloReply> call = gateway.channel()
                .newCall(
                        HelloServiceGrpc.getSayHelloMethod().toBuilder()
                                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                                .build(),
                        CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(HelloReply reply) {
                        heard.set(reply.getMessage());
                    }

                    @Override
                    public void onClose(Status status, Metadata trailing) {
                        ended.set(status);
                    }
                },
                new Metadata());
        call.request(2);
        await().until(() -> gateway.instance("secondary").ejected());
        call.sendMessage(HelloRequest.newBuilder().setMessage("Hello").build());
        call.halfClose();
        await().until(() -> ended.get() != null);
        assertThat(ended.get().getCode()).isEqualTo(Status.Code.OK);
        assertThat(heard).hasValue("Hello, World");
    }

    /** Until nobody accepts a connection any more. */
    private void killAll() {
        servers.forEach(StaleCallTest::kill);
    }

    private static void kill(Server server) {
        server.shutdownNow();
        await().until(server::isTerminated);
    }

    private void assertUnavailable(String message, String... metadata) {
        assertThatThrownBy(() -> hello(message, metadata))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        assertThat(trailers.get().get(key("middleware-fallback"))).isNull();
    }

    private String hello(String message, String... metadata) {
        Metadata sent = new Metadata();
        for (int i = 0; i < metadata.length; i += 2) {
            sent.put(key(metadata[i]), metadata[i + 1]);
        }
        return HelloServiceGrpc.newBlockingStub(ClientInterceptors.intercept(
                        gateway.channel(),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers),
                        MetadataUtils.newAttachHeadersInterceptor(sent)))
                .withDeadlineAfter(Duration.ofSeconds(10))
                .sayHello(HelloRequest.newBuilder().setMessage(message).build())
                .getMessage();
    }

    private String header(String name) {
        return headers.get().get(key(name));
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private int serve(String world) throws IOException {
        servers.add(NettyServerBuilder.forPort(0)
                .directExecutor()
                .intercept(new Compressing())
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
                        reply.onNext(HelloReply.newBuilder()
                                .setMessage(request.getMessage() + ", " + world)
                                .build());
                        reply.onCompleted();
                    }
                })
                .build()
                .start());
        return servers.getLast().getPort();
    }

    /** And puts something into the answer's metadata. */
    private static final class Compressing implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata sent, ServerCallHandler<Q, R> next) {
            if (sent.containsKey(COMPRESS)) {
                call.setCompression(sent.get(COMPRESS));
            }
            return next.startCall(
                    new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata leading) {
                            leading.put(key("leading"), "of Hello");
                            super.sendHeaders(leading);
                        }

                        @Override
                        public void close(Status status, Metadata trailing) {
                            trailing.put(key("trailing"), "of Hello");
                            super.close(status, trailing);
                        }
                    },
                    sent);
        }
    }
}
