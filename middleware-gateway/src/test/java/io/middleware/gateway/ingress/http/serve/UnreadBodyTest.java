package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.ingress.ForwardingCall;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gate decides by headers alone: a body is not read before, and not at all if its caller is refused. */
class UnreadBodyTest {
    private static final String GET_BOOK = "/library.v1.Library/GetBook";
    private static final int SIZE = 3 << 20;
    /** What is dropped after a response, and the buffers of both sockets. */
    private static final long DROPPED = 40 << 20;

    private final CompletableFuture<Void> decided = new CompletableFuture<>();
    private final BodyBudget bodies = new BodyBudget(64 << 20);
    private final HttpGateway gateway = new HttpGateway(bodies, this::around);
    private LibraryServer library;

    @BeforeEach
    void serve() {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        gateway.close();
        library.close();
    }

    /** Lets callers with a key pass at once, and those whose key is {@code later} when that is decided. */
    private CallHandler around(CallHandler calls) {
        return call -> {
            CharSequence key = call.headers().get("x-api-key");
            if (key == null) {
                call.caller().onFailure(new Failure(Code.UNAUTHENTICATED, "who is it?"));
                return null;
            }
            return key.toString().equals("later") ? new Undecided(call, calls) : calls.start(call);
        };
    }

    private final class Undecided implements ForwardingCall {
        private OngoingCall passed;

        Undecided(Call call, CallHandler calls) {
            decided.thenRun(() -> call.timers()
                    .schedule(
                            () -> {
                                passed = calls.start(call);
                                call.caller().onWritabilityChanged();
                            },
                            0));
        }

        @Override
        public OngoingCall next() {
            return passed;
        }

        @Override
        public void send(Chunk chunk, boolean last) {
            assertThat(passed).as("asked for its request").isNotNull();
            passed.send(chunk, last);
        }

        @Override
        public boolean writable() {
            return passed != null && passed.writable();
        }

        @Override
        public void cancel() {
            if (passed != null) {
                passed.cancel();
            }
        }

        @Override
        public OngoingCall actual() {
            return passed == null ? this : passed.actual();
        }
    }

    private Socket request(String path, long length, String... headers) throws IOException {
        Socket caller = new Socket("127.0.0.1", gateway.port());
        caller.setSoTimeout(10_000);
        String head = "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\n" + String.join("", List.of(headers)) + "\r\n";
        caller.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return caller;
    }

    private static String firstLine(Socket caller) throws IOException {
        InputStream in = caller.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static byte[] body() {
        String name = "x".repeat(SIZE - "{\"name\":\"\"}".length());
        return ("{\"name\":\"" + name + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes until nobody takes it any more; returns the count, which grows meanwhile. */
    private static AtomicLong pour(Socket caller) {
        AtomicLong written = new AtomicLong();
        Thread.ofVirtual().start(() -> {
            byte[] piece = new byte[64 << 10];
            try {
                while (true) {
                    caller.getOutputStream().write(piece);
                    written.addAndGet(piece.length);
                }
            } catch (IOException closed) {
                // as it should
            }
        });
        return written;
    }

    @Test
    void callerThatIsRefused_isNotAskedForItsBody() throws Exception {
        for (String path : List.of(GET_BOOK, "/library.v1.Library/WatchBooks")) {
            try (Socket caller = request(path, SIZE, "Expect: 100-continue\r\n")) {
                assertThat(firstLine(caller)).as(path).isEqualTo("HTTP/1.1 401 Unauthorized");
                assertThat(bodies.held()).isZero();
            }
        }
    }

    @Test
    void callerThatPasses_isAskedForItsBody() throws Exception {
        try (Socket caller = request(GET_BOOK, SIZE, "x-api-key: now\r\n", "Expect: 100-continue\r\n")) {
            assertThat(firstLine(caller)).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(firstLine(caller)).isEmpty();
            caller.getOutputStream().write(body());
            assertThat(firstLine(caller)).isEqualTo("HTTP/1.1 200 OK");
        }
        await().until(() -> bodies.held() == 0);
    }

    @Test
    void callerThatIsRefused_cannotGoOnSending() throws Exception {
        try (Socket caller = request(GET_BOOK, Long.MAX_VALUE)) {
            AtomicLong written = pour(caller);
            assertThat(firstLine(caller)).isEqualTo("HTTP/1.1 401 Unauthorized");
            assertThat(bodies.held()).isZero();
            await().atMost(Duration.ofSeconds(10)).until(() -> gateway.connections() == 0);
            assertThat(written).hasValueLessThan(DROPPED);
        }
    }

    @Test
    void bodyOfACallerThatIsNotKnownYet_isNotHeld() throws Exception {
        try (Socket caller = request(GET_BOOK, SIZE, "x-api-key: later\r\n")) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    caller.getOutputStream().write(body());
                } catch (IOException closed) {
                    throw new AssertionError(closed);
                }
            });
            writer.join(Duration.ofMillis(500));
            assertThat(bodies.held()).isZero();
            decided.complete(null);
            assertThat(firstLine(caller)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void byHttp2_callerThatIsRefused_isNotReadEither() throws Exception {
        try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
            caller.headers(
                    1,
                    false,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":authority",
                    "a",
                    ":path",
                    GET_BOOK,
                    "content-type",
                    "application/json");
            caller.data(1, false, new byte[10_000]);
            RawHttp2Peer.Frame frame = caller.next();
            List<Integer> types = new ArrayList<>();
            while (frame.type() != RawHttp2Peer.RESET) {
                types.add(frame.type());
                if (frame.type() == RawHttp2Peer.HEADERS) {
                    assertThat(caller.decode(frame).status()).hasToString("401");
                }
                frame = caller.next();
            }
            assertThat(types).contains(RawHttp2Peer.HEADERS);
            assertThat(frame.error()).as("NO_ERROR: the response is complete").isZero();
            assertThat(bodies.held()).isZero();
        }
    }
}
