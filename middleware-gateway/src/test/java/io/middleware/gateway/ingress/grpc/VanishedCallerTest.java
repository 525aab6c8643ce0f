package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.IgnoredMessages;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller whose connection breaks while its server reads nothing of a long request. */
class VanishedCallerTest {
    private final GatewayHarness gateway = new GatewayHarness();
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private Server server;
    private ServerSocket relay;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .addService(new Unreading())
                .build()
                .start();
        gateway.register("one", server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
        relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", relay.getLocalPort())
                .usePlaintext()
                .disableRetry()
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        channel.shutdownNow();
        relay.close();
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void connectionThatBreaks_endsItsCallAtTheServer() throws Exception {
        HelloRequest large =
                HelloRequest.newBuilder().setMessage("x".repeat(1 << 20)).build();
        StreamObserver<HelloRequest> requests =
                HelloServiceGrpc.newStub(channel).converse(new IgnoredMessages<>());
        for (int i = 0; i < 16; i++) {
            requests.onNext(large);
        }
        assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cancelled.await(500, TimeUnit.MILLISECONDS)).as("it goes on").isFalse();

        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private void accept() {
        try {
            Socket caller = relay.accept();
            Socket here = new Socket(
                    InetAddress.getLoopbackAddress(), gateway.server().port());
            sockets.add(here);
            sockets.add(caller);
            Thread.startVirtualThread(() -> pump(caller, here));
            pump(here, caller);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // as the test does
        }
    }

    private final class Unreading extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> replies) {
            ServerCallStreamObserver<HelloReply> call = (ServerCallStreamObserver<HelloReply>) replies;
            call.disableAutoRequest();
            call.setOnCancelHandler(cancelled::countDown);
            called.countDown();
            return new IgnoredMessages<>();
        }
    }
}
