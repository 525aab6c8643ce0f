package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawFrames;
import io.middleware.gateway.RawFrames.Frame;
import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.ConnectionOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections to the port for gRPC that are too slow or of no use, and limits that are set. */
@Tag("slow")
class CallerLimitsTest {
    private static final Duration HEAD = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final GatewayHarness gateway =
            new GatewayHarness(new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));

    @BeforeEach
    void limit() {
        gateway.server().limit(new CallerLimits(100, 3, HEAD, IDLE, 10, 1));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void callerThatNeverSpeaks_isSentAway() throws Exception {
        for (String beginning : List.of("", "PRI * HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
            try (Socket silent = new Socket("127.0.0.1", gateway.server().port())) {
                silent.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                silent.setSoTimeout(10_000);
                silent.getInputStream().readAllBytes();
            }
        }
    }

    @Test
    void idleConnection_isEndedByAGoaway_butNotBefore() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            long begin = System.nanoTime();
            await().until(() -> System.nanoTime() - begin > 2 * HEAD.toNanos());
            caller.call(1, "/no.such.Service/Method", true);
            caller.flush();
            assertThat(nextOf(caller, RawFrames.HEADERS).ends()).isTrue();
            assertThat(nextOf(caller, RawFrames.GOAWAY).goneBecause()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(IDLE);
        }
    }

    @Test
    void streams_areLimitedToWhatIsSet() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            Frame settings = nextOf(caller, RawFrames.SETTINGS);
            assertThat(settings.payload()).as("MAX_CONCURRENT_STREAMS: 3").containsSequence(0, 3, 0, 0, 0, 3);
        }
    }

    @Test
    void pings_areLimitedToWhatIsSet() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            for (int i = 0; i < 200; i++) {
                caller.write(RawFrames.PING, 0, 0, new byte[8]);
            }
            caller.flush();
            assertThat(nextOf(caller, RawFrames.GOAWAY).goneBecause()).isEqualTo(RawFrames.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void resets_areLimitedToWhatIsSet() throws Exception {
        try (RawFrames caller = RawFrames.callerOf(gateway.server().port())) {
            for (int stream = 1; stream < 40; stream += 2) {
                caller.call(stream, "/no.such.Service/Method", false);
                caller.write(RawFrames.RESET, 0, stream, new byte[] {0, 0, 0, 8});
            }
            caller.flush();
            assertThat(nextOf(caller, RawFrames.GOAWAY).goneBecause()).isEqualTo(RawFrames.ENHANCE_YOUR_CALM);
        }
    }

    private static Frame nextOf(RawFrames caller, int type) throws IOException {
        Frame frame = caller.read();
        while (frame != null && (frame.type() != type || (type == RawFrames.SETTINGS && frame.payload().length == 0))) {
            frame = caller.read();
        }
        assertThat(frame).as("a frame of type " + type + ", and not the end").isNotNull();
        return frame;
    }
}
