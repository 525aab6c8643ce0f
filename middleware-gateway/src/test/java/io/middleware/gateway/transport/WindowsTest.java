package io.middleware.gateway.transport;

import static io.middleware.gateway.RawFrames.DATA;
import static io.middleware.gateway.RawFrames.END_STREAM;
import static io.middleware.gateway.RawFrames.HEADERS;
import static io.middleware.gateway.RawFrames.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawFrames;
import io.middleware.gateway.RawFrames.Frame;
import io.middleware.gateway.RawHttp2Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers whose windows are smaller than the responses: no byte more than they allow, and each one in the end. */
@Timeout(30)
class WindowsTest {
    private static final int INITIAL_WINDOW = 4;
    private static final int DEFAULT_WINDOW = 65_535;
    private static final String SAY_HELLO = "/" + GatewayHarness.SERVICE + "/SayHello";

    private final GatewayHarness gateway = new GatewayHarness();
    private RawHttp2Server server;
    private RawFrames caller;
    private final Map<Integer, ByteArrayOutputStream> bodies = new TreeMap<>();
    private int ended;

    @AfterEach
    void stop() throws IOException {
        caller.close();
        gateway.close();
        server.close();
    }

    @Test
    void streamsWindow_isKept_fromTheFirstByteOn() throws IOException {
        begin(8, INITIAL_WINDOW, 3);
        call(1);

        readUntil(3);
        assertThat(ended).isZero();
        allow(1, 4);
        readUntil(7);
        assertThat(ended).isZero();
        allow(1, 1_000);
        readUntil(13);
        readUntilEnded(1);
        assertThat(bodies.get(1).toByteArray()).isEqualTo(message(8));
    }

    @Test
    void windowOfNothing_holdsTheWholeMessage_butNotTheHeaders() throws IOException {
        begin(1, INITIAL_WINDOW, 0);
        call(1);

        assertThat(next().type()).isEqualTo(HEADERS);
        allow(1, 6);
        readUntil(6);
        readUntilEnded(1);
    }

    @Test
    void connectionsWindow_countsWhatAllStreamsWereSent() throws IOException {
        begin(16_000);
        for (int stream = 1; stream <= 9; stream += 2) {
            call(stream);
        }

        readUntil(DEFAULT_WINDOW);
        assertThat(ended).as("whole responses").isLessThan(5);
        allow(0, 100_000);
        readUntil(5 * 16_005);
        readUntilEnded(5);
        assertThat(bodies.values())
                .allSatisfy(body -> assertThat(body.toByteArray()).isEqualTo(message(16_000)));
    }

    private void begin(int size, int... settings) throws IOException {
        server = new RawHttp2Server((connection, stream) -> {
            connection.headers(stream, false, ":status", "200", "content-type", "application/grpc");
            connection.data(stream, false, message(size));
            connection.headers(stream, true, "grpc-status", "0");
        });
        gateway.register("one", server.port(), Pool.PRIMARY, GatewayHarness.SERVICE);
        caller = RawFrames.callerOf(gateway.server().port(), settings);
    }

    private static byte[] message(int size) {
        ByteBuffer message = ByteBuffer.allocate(5 + size).put((byte) 0).putInt(size);
        for (int i = 0; i < size; i++) {
            message.put((byte) i);
        }
        return message.array();
    }

    private void call(int stream) throws IOException {
        caller.call(stream, SAY_HELLO, false);
        caller.write(DATA, END_STREAM, stream, new byte[5]);
        caller.flush();
    }

    private void allow(int stream, int bytes) throws IOException {
        caller.write(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
        caller.flush();
    }

    /** Reads until so many bytes have come in all, and fails if there are more. */
    private void readUntil(int bytes) {
        while (received() < bytes) {
            next();
        }
        assertThat(received()).isEqualTo(bytes);
    }

    private void readUntilEnded(int streams) {
        while (ended < streams) {
            next();
        }
    }

    private int received() {
        return bodies.values().stream().mapToInt(ByteArrayOutputStream::size).sum();
    }

    /** Returns the next frame of a call. */
    private Frame next() {
        while (true) {
            Frame frame = caller.read();
            assertThat(frame).as("a frame").isNotNull();
            if (frame.type() == DATA) {
                bodies.computeIfAbsent(frame.stream(), stream -> new ByteArrayOutputStream())
                        .writeBytes(frame.payload());
            }
            if (frame.ends()) {
                ended++;
            }
            if (frame.type() == DATA || frame.type() == HEADERS) {
                return frame;
            }
        }
    }
}
