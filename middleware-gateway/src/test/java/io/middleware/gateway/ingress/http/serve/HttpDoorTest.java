package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.RawFrames;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.transport.CallerLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to the port for HTTP that are too many, too slow or of no use. */
@Tag("slow")
class HttpDoorTest {
    private static final Duration HEAD = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final int UNKNOWN = 200;
    private static final String REQUEST = "GET /v1/books/1 HTTP/1.1\r\nHost: a\r\n\r\n";

    private final HttpGateway gateway = new HttpGateway(new CallerLimits(6, 3, HEAD, IDLE, 1000, 200));
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

    private Socket connect() throws IOException {
        Socket caller = new Socket("127.0.0.1", gateway.port());
        caller.setSoTimeout(10_000);
        return caller;
    }

    private static void write(Socket caller, String text) throws IOException {
        caller.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void readResponse(Socket caller) throws IOException {
        InputStream in = caller.getInputStream();
        StringBuilder response = new StringBuilder();
        while (!response.toString().endsWith("{\"name\":\"1\"}")) {
            int next = in.read();
            assertThat(next).as("the end after: " + response).isNotNegative();
            response.append((char) next);
        }
        assertThat(response).startsWith("HTTP/1.1 200");
    }

    /** Returns after how many milliseconds the connection was closed. */
    private static long closed(Socket caller, long begin) {
        try {
            while (caller.getInputStream().read() >= 0) {
                // a refusal may come before
            }
        } catch (IOException reset) {
            // that is an end as well
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @Test
    void connectionsBeyondTheLimit_areClosed_andOthersGoOn_andRoomComesBack() throws Exception {
        List<Socket> within = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Socket each = connect();
            within.add(each);
            write(each, REQUEST);
            readResponse(each);
        }
        try (Socket beyond = connect()) {
            assertThat(closed(beyond, System.nanoTime())).isLessThan(HEAD.toMillis());
        }
        write(within.getFirst(), REQUEST);
        readResponse(within.getFirst());
        for (Socket each : within) {
            each.close();
        }
        await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> {
            try (Socket later = connect()) {
                write(later, REQUEST);
                return later.getInputStream().read() == 'H';
            }
        });
    }

    @Test
    void callerThatNeverSpeaks_isSentAway() throws Exception {
        for (String beginning : List.of("", "G", "GET / HTTP/1.1\r\nHost: a\r\n", "PRI * HT")) {
            try (Socket silent = connect()) {
                write(silent, beginning);
                assertThat(closed(silent, System.nanoTime())).as(beginning).isBetween(300L, 5_000L);
            }
        }
    }

    @Test
    void headThatComesByteByByte_isNotWaitedFor() throws Exception {
        try (Socket slow = connect()) {
            write(slow, REQUEST);
            readResponse(slow);
            long begin = System.nanoTime();
            Thread.ofVirtual().start(() -> {
                try {
                    write(slow, "GET / HTTP/1.1\r\nHost: a\r\n");
                    while (true) {
                        write(slow, "X: y\r\n");
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException gone) {
                    // as it should
                }
            });
            assertThat(closed(slow, begin)).isBetween(300L, 5_000L);
        }
    }

    @Test
    void pauseBetweenRequests_isNoSlowHead_andTooLongAPauseEndsTheConnection() throws Exception {
        try (Socket caller = connect()) {
            for (int i = 0; i < 2; i++) {
                write(caller, REQUEST);
                readResponse(caller);
                long pause = System.nanoTime();
                await().until(() -> System.nanoTime() - pause > 2 * HEAD.toNanos());
            }
            write(caller, REQUEST);
            readResponse(caller);
            assertThat(closed(caller, System.nanoTime())).isBetween(IDLE.toMillis() - 500, 10_000L);
        }
    }

    @Test
    void connectionByHttp2_mayBeSilentAfterItsPreface_untilItIsIdle() throws Exception {
        try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.port())) {
            long begin = System.nanoTime();
            await().until(() -> System.nanoTime() - begin > 2 * HEAD.toNanos());
            caller.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/v1/books/1");
            assertThat(new String(caller.response(1).body(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"name\":\"1\"}");
            assertThat(caller.next().type()).isEqualTo(RawHttp2Peer.GOAWAY);
        }
    }

    @Test
    void streamsBeyondTheLimit_areTold() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.port())) {
            RawFrames.Frame settings = caller.read();
            while (settings.type() != RawFrames.SETTINGS || settings.payload().length == 0) {
                settings = caller.read();
            }
            assertThat(settings.payload()).as("MAX_CONCURRENT_STREAMS: 3").containsSequence(0, 3, 0, 0, 0, 3);
        }
    }

    /** By calls that are given up at once, by frames without content, and by a block of headers without end. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                RawFrames.RESET,
                RawFrames.DATA,
                RawFrames.CONTINUATION,
                RawFrames.PING,
                RawFrames.SETTINGS,
                RawFrames.PRIORITY,
                RawFrames.WINDOW_UPDATE,
                UNKNOWN
            })
    void floodByHttp2_endsItsConnection_andOthersGoOn(int type) throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.port())) {
            Thread.ofVirtual().start(() -> flood(caller, type));
            RawFrames.Frame frame = caller.read();
            while (frame != null && frame.type() != RawFrames.GOAWAY) {
                frame = caller.read();
            }
            assertThat(frame)
                    .as("a GOAWAY, or a reset while it was sent")
                    .matches(found -> found == null || found.goneBecause() == RawFrames.ENHANCE_YOUR_CALM);
        }
        try (Socket other = connect()) {
            write(other, REQUEST);
            readResponse(other);
        }
    }

    @Test
    void resets_areLimitedToWhatIsSet() throws Exception {
        HttpGateway strict = new HttpGateway(new CallerLimits(6, 100, HEAD, IDLE, 1000, 2));
        try (strict;
                RawFrames caller = RawFrames.callerOf(strict.port())) {
            assertThat(caller.read().type()).isEqualTo(RawFrames.SETTINGS);
            for (int stream = 1; stream < 40; stream += 2) {
                caller.call(stream, "/v1/books/1", false);
                caller.write(RawFrames.RESET, 0, stream, new byte[] {0, 0, 0, 8});
            }
            caller.flush();
            RawFrames.Frame frame = caller.read();
            while (frame != null && frame.type() != RawFrames.GOAWAY) {
                frame = caller.read();
            }
            assertThat(frame).as("a GOAWAY, and not the end").isNotNull();
            assertThat(frame.goneBecause()).isEqualTo(RawFrames.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void callerWhoPingsWithEachCall_keepsItsConnection() throws Exception {
        HttpGateway strict = new HttpGateway(new CallerLimits(6, 3, HEAD, IDLE, 20, 200));
        try (strict;
                RawFrames caller = RawFrames.callerOf(strict.port())) {
            for (int stream = 1; stream < 200; stream += 2) {
                caller.call(stream, "/v1/books/1", true);
                for (int i = 0; i < 6; i++) {
                    caller.write(RawFrames.PING, 0, 0, new byte[8]);
                }
                caller.flush();
                RawFrames.Frame frame = caller.read();
                while (frame != null && !frame.ends()) {
                    frame = caller.read();
                }
                assertThat(frame)
                        .as("the end of a call, and not of the connection")
                        .isNotNull();
            }
        }
    }

    private static void flood(RawFrames caller, int type) {
        try {
            for (int stream = 1; stream < 200_000; stream += 2) {
                switch (type) {
                    case RawFrames.RESET -> {
                        caller.call(stream, "/v1/books/1", false);
                        caller.write(type, 0, stream, new byte[] {0, 0, 0, 8});
                    }
                    case RawFrames.DATA -> {
                        if (stream == 1) {
                            caller.call(1, "/v1/books/1", false);
                        }
                        caller.write(type, 0, 1);
                    }
                    case RawFrames.CONTINUATION ->
                        caller.write(stream == 1 ? RawFrames.HEADERS : type, 0, 1, new byte[1]);
                    case RawFrames.PING -> caller.write(type, 0, 0, new byte[8]);
                    case RawFrames.SETTINGS -> caller.settings(4, 65_535 + stream);
                    case RawFrames.PRIORITY -> caller.write(type, 0, stream, new byte[] {0, 0, 0, 0, 1});
                    case RawFrames.WINDOW_UPDATE -> caller.write(type, 0, 0, new byte[] {0, 0, 0, 1});
                    default -> caller.write(type, 0, 0);
                }
            }
            caller.flush();
        } catch (IOException closed) {
            // as it should
        }
    }
}
