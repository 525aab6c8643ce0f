package io.middleware.gateway.ingress.connect;

import static io.middleware.gateway.ingress.WebCaller.envelope;
import static io.middleware.gateway.ingress.WebCaller.envelopes;
import static io.middleware.gateway.ingress.WebCaller.gzip;
import static io.middleware.gateway.ingress.WebCaller.read;
import static io.middleware.gateway.ingress.WebCaller.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.gateway.ingress.StreamServer;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.WebCaller.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What translated messages hold that a slow server or caller does not take. */
@Timeout(60)
class StreamMemoryTest {
    private static final String PROTO = "application/connect+proto";
    private static final String JSON = "application/connect+json";
    private static final int SIZE = 600_000;
    private static final int AT_A_TIME = 20;

    private final StreamServer server = new StreamServer();
    private final WebCaller caller = new WebCaller(server.port());
    private long before;

    @AfterEach
    void close() {
        caller.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void requestThatTheServerDoesNotRead_holdsItsMessages(String type) {
        int stream = caller.begin(StreamServer.CLIENT_STREAM, type, "connect-content-encoding", "gzip", "deaf", "yes");
        for (int i = 0; i < 40; i++) {
            caller.peer().data(stream, false, envelope(1, gzip(of(type, "x".repeat(SIZE)))));
        }
        awaitSteady();
        assertThat(server.held()).isBetween((long) SIZE, 2L * SIZE + 10_000);
        caller.peer().reset(stream, 8);
        await().until(() -> server.held() == 0);
    }

    @Test
    void responseThatTheCallerDoesNotRead_holdsItsMessages_untilItIsRead() throws Exception {
        int stream = caller.begin(StreamServer.SERVER_STREAM, JSON);
        caller.peer().data(stream, true, envelopes(of(JSON, "endless " + SIZE)));
        awaitSteady();
        assertThat(server.held()).isBetween((long) SIZE, 3L * SIZE);
        int sent = server.sent();
        caller.peer().allow(stream, 20 * SIZE);
        while (server.sent() <= sent + 10) {
            caller.next();
        }
        caller.peer().reset(stream, 8);
        assertThat(server.awaitCancelled()).isTrue();
        await().until(() -> server.held() == 0);
    }

    @Test
    void manyResponsesThatAreNotRead_stayWithinTheBudget_andTheRestIsRefused() throws Exception {
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            int stream = caller.begin(StreamServer.SERVER_STREAM, JSON);
            caller.peer().data(stream, true, envelopes(of(JSON, "size " + SIZE)));
            streams.add(stream);
        }
        awaitSteady();
        assertThat(server.held()).isBetween((long) StreamServer.MOST_HELD / 2, (long) StreamServer.MOST_HELD);
        int refused = 0;
        streams.forEach(stream -> caller.peer().allow(stream, 2 * SIZE));
        for (Response response : caller.peer().responses(streams)) {
            Envelope last = read(response.body()).getLast();
            refused += last.text().contains("resource_exhausted") ? 1 : 0;
        }
        assertThat(refused).isBetween(1, AT_A_TIME - 1);
        await().until(() -> server.held() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void smallMessagesThatUnfold_waitForTheServer(String type) {
        int stream = caller.begin(StreamServer.CLIENT_STREAM, type, "connect-content-encoding", "gzip");
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            caller.peer().data(stream, false, envelope(1, gzip(of(type, "x".repeat(16_000 + i)))));
            expected.append(16_000 + i).append(';');
        }
        caller.peer().data(stream, true);
        assertThat(read(caller.response(stream).body()).getFirst().text()).contains(expected);
        await().until(() -> server.held() == 0);
    }

    /** Waits until no more is held than a while ago. */
    private void awaitSteady() {
        before = -1;
        await().pollInterval(Duration.ofMillis(200))
                .during(Duration.ofMillis(600))
                .atMost(Duration.ofSeconds(20))
                .until(server::held, this::isSteady);
    }

    private boolean isSteady(long held) {
        boolean steady = held == before;
        before = held;
        return steady;
    }

    private static byte[] of(String type, String message) {
        return type.equals(JSON)
                ? ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8)
                : request(message);
    }
}
