package io.middleware.gateway.ingress.grpc;

import static io.middleware.gateway.RawFrames.CONTINUATION;
import static io.middleware.gateway.RawFrames.DATA;
import static io.middleware.gateway.RawFrames.ENHANCE_YOUR_CALM;
import static io.middleware.gateway.RawFrames.GOAWAY;
import static io.middleware.gateway.RawFrames.HEADERS;
import static io.middleware.gateway.RawFrames.PING;
import static io.middleware.gateway.RawFrames.PRIORITY;
import static io.middleware.gateway.RawFrames.RESET;
import static io.middleware.gateway.RawFrames.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawFrames;
import io.middleware.gateway.RawFrames.Frame;
import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.FloodGuard;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who have the gateway work for nothing lose their own connection; those beside them lose nothing. */
@Timeout(60)
@Tag("slow")
class FloodsTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String SAY_HELLO = "/" + GatewayHarness.SERVICE + "/SayHello";
    private static final byte[] CANCEL = {0, 0, 0, 8};
    private static final byte[] ONE = {0, 0, 0, 1};

    private final GatewayHarness gateway =
            new GatewayHarness(new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));
    private final AtomicInteger executed = new AtomicInteger();
    private Server server;

    /** Writes what belongs to this stream. */
    private interface Flood {
        void write(RawFrames caller, int stream) throws IOException;
    }

    @BeforeEach
    void serve() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
                        executed.incrementAndGet();
                        if (!request.getMessage().equals("silence")) {
                            reply.onNext(HelloReply.getDefaultInstance());
                            reply.onCompleted();
                        }
                    }
                })
                .build()
                .start();
        gateway.register("one", server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void streamsThatAreResetAtOnce() throws IOException {
        endsTheConnection((caller, stream) -> {
            caller.call(stream, SAY_HELLO, false);
            caller.write(RESET, 0, stream, CANCEL);
        });
        assertThat(executed).as("calls of others alone").hasValue(100);
    }

    @Test
    void streamsThatAreResetAMomentLater() throws IOException {
        endsTheConnection((caller, stream) -> {
            caller.call(stream, SAY_HELLO, false);
            if (stream > 200) {
                caller.write(RESET, 0, stream - 200, CANCEL);
            }
        });
    }

    @Test
    void framesThatForceResets() throws IOException {
        endsTheConnection((caller, stream) -> {
            caller.call(stream, SAY_HELLO, false);
            switch (stream / 2 % 4) {
                case 0 -> caller.write(WINDOW_UPDATE, 0, stream, new byte[4]);
                case 1 -> caller.write(WINDOW_UPDATE, 0, stream, new byte[] {0x7f, -1, -1, -1});
                case 2 -> caller.write(PRIORITY, 0, stream, new byte[] {0, 0, (byte) (stream >> 8), (byte) stream, 1});
                default -> caller.write(PRIORITY, 0, stream, new byte[4]);
            }
        });
        assertThat(executed).as("calls of others alone").hasValue(100);
    }

    @Test
    void dataOnStreamsThatAreClosed() throws IOException {
        endsTheConnection((caller, stream) -> {
            if (stream == 1) {
                caller.call(1, "/no.such.Service/Method", true);
            }
            caller.write(DATA, 0, 1, new byte[1]);
        });
    }

    @Test
    void pingsAndSettings() throws IOException {
        endsTheConnection((caller, stream) -> caller.write(PING, 0, 0, new byte[8]));
        endsTheConnection((caller, stream) -> caller.settings(4, 65_535 + stream));
    }

    @Test
    void prioritiesWindowUpdatesAndUnknownFrames() throws IOException {
        endsTheConnection((caller, stream) -> caller.write(PRIORITY, 0, stream, new byte[] {0, 0, 0, 0, 1}));
        endsTheConnection((caller, stream) -> caller.write(WINDOW_UPDATE, 0, 0, ONE));
        endsTheConnection((caller, stream) -> {
            if (stream == 1) {
                caller.call(1, SAY_HELLO, false);
            }
            caller.write(200, 0, 1);
        });
    }

    @Test
    void emptyDataFrames() throws IOException {
        endsTheConnection((caller, stream) -> {
            if (stream == 1) {
                caller.call(1, SAY_HELLO, false);
            }
            caller.write(DATA, 0, 1);
        });
    }

    @Test
    void headersWithoutEnd() throws IOException {
        endsTheConnection((caller, stream) -> {
            if (stream == 1) {
                caller.write(HEADERS, 0, 1, new byte[1]);
            }
            caller.write(CONTINUATION, 0, 1, new byte[1]);
        });
    }

    @Test
    void responsesThatAreNotRead() throws IOException {
        String unknown = "/no.such.Service/" + "x".repeat(4_000);
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            // more than what is read and dropped while the connection closes
            assertThat(flood(caller, 4_000_000, (unread, stream) -> unread.call(stream, unknown, true)))
                    .as("sent all")
                    .isFalse();
        }
    }

    @Test
    void headersThatAreTooLarge_endTheirOwnCall_inGrpcsWords() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            caller.headers(
                    1,
                    new DefaultHttp2Headers()
                            .method("POST")
                            .scheme("http")
                            .authority("a")
                            .path(SAY_HELLO)
                            .set("content-type", "application/grpc")
                            .set("pad", "x".repeat(200_000)),
                    false);
            caller.write(DATA, RawFrames.END_STREAM, 1, new byte[5]);
            caller.call(3, "/no.such.Service/Method", true);
            caller.flush();

            Frame first = headers(caller);
            assertThat(first.stream()).isEqualTo(1);
            Http2Headers trailers = caller.decode(first);
            assertThat(trailers.get("grpc-status")).hasToString("8");
            assertThat(trailers.get("grpc-message")).hasToString("the call's metadata is larger than 64 KiB");
            assertThat(headers(caller)).matches(frame -> frame.stream() == 3 && frame.ends());
        }
    }

    @Test
    void connectionsBeyondTheLimit_areClosed_andOthersGoOn() throws Exception {
        assertThat(others()).isTrue();
        gateway.server().limit(new CallerLimits(3, 100, SOON, SOON.multipliedBy(100), 1000, 200));
        List<RawFrames> within = List.of(
                RawFrames.callerOf(gateway.server().port()),
                RawFrames.callerOf(gateway.server().port()));
        for (RawFrames each : within) {
            each.call(1, "/no.such.Service/Method", true);
            each.flush();
            assertThat(headers(each).ends()).isTrue();
        }

        try (Socket beyond = new Socket("127.0.0.1", gateway.server().port())) {
            assertThat(beyond.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(others()).isTrue();
        for (RawFrames each : within) {
            each.close();
        }
    }

    @Test
    void callerThatHedges_andResetsAStreamPerCall_keepsItsConnection() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            for (int i = 0; i < 3 * FloodGuard.RESETS; i++) {
                int stream = 4 * i + 1;
                caller.call(stream, "/no.such.Service/Method", true);
                caller.call(stream + 2, SAY_HELLO, false);
                caller.write(RESET, 0, stream + 2, CANCEL);
                caller.flush();
                assertThat(headers(caller)).matches(frame -> frame.stream() == stream && frame.ends());
            }
        }
    }

    /** Reads to the end, and counts it if that was a GOAWAY for this reason. */
    private static void drain(RawFrames caller, AtomicInteger calmed) {
        try (caller) {
            for (Frame frame = caller.read(); frame != null; frame = caller.read()) {
                if (frame.type() == GOAWAY && frame.goneBecause() == ENHANCE_YOUR_CALM) {
                    calmed.incrementAndGet();
                }
            }
        } catch (IOException unlikely) {
            // it is closed in any case
        }
    }

    private static Frame headers(RawFrames caller) {
        Frame frame = caller.read();
        while (frame != null && frame.type() != HEADERS) {
            frame = caller.read();
        }
        assertThat(frame).as("headers, and not the end").isNotNull();
        return frame;
    }

    /** Floods on several connections at once, while others make calls. */
    private void endsTheConnection(Flood flood) throws IOException {
        AtomicInteger calmed = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            RawFrames caller = RawFrames.callerOf(gateway.server().port());
            Thread.ofVirtual().start(() -> drain(caller, calmed));
            Thread.ofVirtual().start(() -> flood(caller, 60_000, flood));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(others()).isTrue();
        }
        await().atMost(SOON.multipliedBy(3)).untilAtomic(calmed, Matchers.is(4));
    }

    private boolean others() {
        return HelloServiceGrpc.newBlockingStub(gateway.channel())
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .sayHello(HelloRequest.getDefaultInstance())
                .isInitialized();
    }

    /** False: it was stopped. */
    private static boolean flood(RawFrames caller, int streams, Flood flood) {
        try {
            for (int stream = 1; stream < streams; stream += 2) {
                flood.write(caller, stream);
            }
            caller.flush();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
