package io.middleware.gateway.transport;

import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static io.middleware.gateway.RawFrames.ACK;
import static io.middleware.gateway.RawFrames.HEADERS;
import static io.middleware.gateway.RawFrames.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.middleware.core.MethodTraits;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawFrames;
import io.middleware.gateway.RawFrames.Frame;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that send more than is taken, or take less than is usual: by the frames on their connections. */
@Timeout(60)
class ServerLimitsTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String SAY_HELLO = "/" + GatewayHarness.SERVICE + "/SayHello";
    private static final byte[] REPLY = {0, 0, 0, 0, 0};

    private final GatewayHarness gateway =
            new GatewayHarness(new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final CompletableFuture<Void> answerTheRest = new CompletableFuture<>();

    /** Does something about a call on this stream, on the thread that reads the connection. */
    private interface Behaviour {
        void called(RawFrames peer, int stream) throws IOException;
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 100_000, 300_000, 2_000_000})
    void trailersThatAreTooLarge_endTheirOwnCall_andNoOtherOnTheConnection(int size) throws Exception {
        serve("one", Pool.PRIMARY, beingSlowWith(3, (peer, stream) -> {
            peer.headers(stream, responseHeaders(), false);
            peer.write(RawFrames.DATA, 0, stream, REPLY);
            peer.headers(stream, ok().set("pad", "x".repeat(size)), true);
        }));
        List<ListenableFuture<HelloReply>> others = List.of(hello(), hello(), hello());
        await().atMost(SOON).until(() -> calls.get() == 3);

        assertThatThrownBy(() -> hello().get(5, TimeUnit.SECONDS))
                .hasMessageContaining(
                        "RESOURCE_EXHAUSTED: the server has responded, but the metadata of its response is larger than 64 KiB");
        answerTheRest.complete(null);
        assertThat(hello()).succeedsWithin(SOON);

        others.forEach(other -> assertThat(other).succeedsWithin(SOON));
        assertThat(connections).hasValue(1);
    }

    /** PINGs, each of which must be acknowledged, and a block of headers without end. */
    @ParameterizedTest
    @ValueSource(ints = {RawFrames.PING, RawFrames.CONTINUATION})
    void floodOfAServer_endsItsConnection_andItsCallsMoveOn(int flood) throws Exception {
        serve("one", Pool.PRIMARY, (peer, stream) -> {
            boolean pings = flood == RawFrames.PING;
            if (!pings) {
                peer.write(RawFrames.HEADERS, 0, stream, new byte[1]);
            }
            for (int i = 0; i < 100_000; i++) {
                peer.write(flood, 0, pings ? 0 : stream, new byte[pings ? 8 : 1]);
            }
        });
        serve("two", Pool.SECONDARY, ServerLimitsTest::reply);
        gateway.describe(SAY_HELLO, new MethodTraits(true, MethodTraits.Idempotency.NO_SIDE_EFFECTS));

        assertThat(hello()).succeedsWithin(SOON);
    }

    @Test
    void requestWithoutMessages_endsWithAFrameOfData() throws Exception {
        ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(door);
        gateway.register("one", door.getLocalPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            caller.call(1, "/" + GatewayHarness.SERVICE + "/Stream", true);
            caller.flush();
            try (RawFrames server = RawFrames.serverOn(door.accept())) {
                assertThat(next(server, RawFrames.HEADERS).ends()).isFalse();
                RawFrames.Frame data = next(server, RawFrames.DATA);
                assertThat(data.ends()).isTrue();
                assertThat(data.payload()).isEmpty();
            }
        }
    }

    private static RawFrames.Frame next(RawFrames peer, int type) {
        RawFrames.Frame frame = peer.read();
        while (frame != null && frame.type() != type) {
            frame = peer.read();
        }
        assertThat(frame).isNotNull();
        return frame;
    }

    @Test
    void metadataOf60KB_passes() throws Exception {
        serve("one", Pool.PRIMARY, (peer, stream) -> reply(peer, stream, ok().set("pad", "x".repeat(60_000))));
        assertThat(hello()).succeedsWithin(SOON);
    }

    @Test
    void serverThatTakesNoUsualMetadata_isAtFault_andAnotherIsTried() throws Exception {
        serve("one", Pool.PRIMARY, ServerLimitsTest::reply, 6, 50);
        serve("two", Pool.SECONDARY, ServerLimitsTest::reply);
        for (int i = 0; i < 40; i++) {
            assertThat(hello()).succeedsWithin(SOON);
        }
        assertThat(gateway.instance("one").ejectedBecause()).contains("SETTINGS_MAX_HEADER_LIST_SIZE");
    }

    @Test
    void callThatIsLargerThanItsServerTakes_leavesNoStreamOpen() throws Exception {
        serve("one", Pool.PRIMARY, ServerLimitsTest::reply, 3, 1, 6, 2_000);
        Metadata large = new Metadata();
        large.put(Metadata.Key.of("pad", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(4_000));

        assertThatThrownBy(() -> HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(large))
                        .withDeadlineAfter(5, TimeUnit.SECONDS)
                        .sayHello(HelloRequest.getDefaultInstance()))
                .hasMessageContaining("SETTINGS_MAX_HEADER_LIST_SIZE");

        assertThat(hello()).succeedsWithin(SOON);
        assertThat(connections).as("the server takes one stream at a time").hasValue(1);
    }

    @Test
    void serverThatTakesNoStreamAtAll_holdsUpNobodyForGood() throws Exception {
        serve("one", Pool.PRIMARY, ServerLimitsTest::reply, 3, 0);
        assertThatThrownBy(() -> HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                        .sayHello(HelloRequest.getDefaultInstance()))
                .hasMessageContaining("DEADLINE_EXCEEDED");
        assertThat(connections.get())
                .as("with 8 at most for each of the two event loops")
                .isLessThanOrEqualTo(16);
        assertThat(calls).hasValue(0);
    }

    @Test
    void connectionThatIsRefusedBesideOneThatStands_speaksAgainstNobody() throws Exception {
        ServerSocket door = serve("one", Pool.PRIMARY, beingSlowWith(1, ServerLimitsTest::reply), 3, 1);
        ListenableFuture<HelloReply> first = hello();
        await().atMost(SOON).until(() -> calls.get() == 1);
        int port = door.getLocalPort();
        door.close();
        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(
                                () -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                        .isInstanceOf(ConnectException.class));

        ListenableFuture<HelloReply> second = hello();
        await().atMost(SOON).until(() -> gateway.instance("one").inFlight() == 2);
        first.cancel(true);
        answerTheRest.complete(null);

        assertThat(second).succeedsWithin(SOON);
        assertThat(gateway.instance("one").ejected()).isFalse();
        assertThat(connections).hasValue(1);
    }

    private ServerSocket serve(String id, Pool pool, Behaviour behaviour, int... settings) throws IOException {
        ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(door);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    RawFrames peer = RawFrames.serverOn(door.accept(), settings);
                    opened.add(peer);
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> read(peer, behaviour));
                }
            } catch (IOException closed) {
                // the test is over
            }
        });
        gateway.register(id, door.getLocalPort(), pool, GatewayHarness.SERVICE);
        gateway.describe(SAY_HELLO, new MethodTraits(true, UNKNOWN));
        return door;
    }

    private void read(RawFrames peer, Behaviour behaviour) {
        try {
            for (Frame frame = peer.read(); frame != null; frame = peer.read()) {
                if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
                    peer.write(SETTINGS, ACK, 0);
                } else if (frame.type() == HEADERS) {
                    behaviour.called(peer, frame.stream());
                    calls.incrementAndGet();
                }
                peer.flush();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    /** The first so many calls are not answered before {@link #answerTheRest}. */
    private Behaviour beingSlowWith(int first, Behaviour behaviour) {
        List<Integer> late = new ArrayList<>();
        return (peer, stream) -> {
            if (late.size() < first) {
                late.add(stream);
            } else if (!answerTheRest.isDone()) {
                behaviour.called(peer, stream);
            } else {
                for (int each : late) {
                    reply(peer, each);
                }
                reply(peer, stream);
            }
        };
    }

    private static void reply(RawFrames peer, int stream) throws IOException {
        reply(peer, stream, ok());
    }

    private static void reply(RawFrames peer, int stream, Http2Headers trailers) throws IOException {
        peer.headers(stream, responseHeaders(), false);
        peer.write(RawFrames.DATA, 0, stream, REPLY);
        peer.headers(stream, trailers, true);
    }

    private static Http2Headers responseHeaders() {
        return new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
    }

    private static Http2Headers ok() {
        return new DefaultHttp2Headers(false).set("grpc-status", "0");
    }

    private ListenableFuture<HelloReply> hello() {
        return HelloServiceGrpc.newFutureStub(gateway.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .sayHello(HelloRequest.getDefaultInstance());
    }
}
