package io.middleware.gateway.ingress;

import static io.middleware.gateway.ingress.WebCaller.envelope;
import static io.middleware.gateway.ingress.WebCaller.gzip;
import static io.middleware.gateway.ingress.WebCaller.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Requests by gRPC-Web and Connect that are damaged at random: each ends, nothing is leaked, and nothing is logged. */
@Timeout(120)
@Tag("slow")
class DamagedRequestsTest {
    private static final long SEED = Long.getLong("fuzz.seed", 16);
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fuzz.seconds", 10));
    private static final int AT_A_TIME = 20;
    private static final List<String> TYPES = List.of(
            "application/grpc-web",
            "application/grpc-web+proto",
            "application/grpc-web-text",
            "application/connect+proto",
            "application/connect+json",
            "application/grpc+json",
            "application/grpc-web+json");
    private static final List<String> PATHS = List.of(
            StreamServer.SERVER_STREAM,
            StreamServer.CLIENT_STREAM,
            StreamServer.CLIENT_STREAM,
            StreamServer.BIDIRECTIONAL);

    private final Random random = new Random(SEED);

    @Test
    void eachEnds() throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(logged);
        try (StreamServer server = new StreamServer()) {
            long end = System.nanoTime() + TIME.toNanos();
            int round = 0;
            while (System.nanoTime() < end) {
                round(server, round++);
            }
            System.gc();
            // what was leaked is reported when more is allocated
            round(server, round);
            await().atMost(Duration.ofSeconds(5)).until(() -> server.held() == 0);
        } finally {
            root.detachAppender(logged);
            ResourceLeakDetector.setLevel(level);
        }
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(message -> !message.contains("ejected"))
                .isEmpty();
    }

    private void round(StreamServer server, int round) throws Exception {
        WebCaller caller = new WebCaller(server.port());
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            String type = TYPES.get(random.nextInt(TYPES.size()));
            int stream = caller.begin(PATHS.get(random.nextInt(PATHS.size())), type, headers());
            caller.peer().allow(stream, 8 << 20);
            byte[] body = damaged(type.contains("text") ? Base64.getEncoder().encode(body(type)) : body(type));
            for (int at = 0, size; at < body.length; at += size) {
                size = Math.min(body.length - at, 1 + random.nextInt(1 + random.nextInt(4000)));
                caller.peer().data(stream, false, Arrays.copyOfRange(body, at, at + size));
            }
            if (random.nextInt(10) == 0) {
                caller.peer().reset(stream, 8);
            } else {
                caller.peer().data(stream, true);
                streams.add(stream);
            }
        }
        if (round % 5 == 0) {
            caller.close();
        } else {
            caller.peer().responses(streams);
            caller.close();
        }
    }

    private String[] headers() {
        List<String> headers = new ArrayList<>();
        if (random.nextInt(2) == 0) {
            headers.addAll(List.of("connect-content-encoding", pick("gzip", "gzip", "identity", "br", "\u00e4")));
        }
        if (random.nextInt(3) == 0) {
            headers.addAll(List.of("connect-accept-encoding", pick("gzip", "br,gzip", ",", "")));
        }
        if (random.nextInt(8) == 0) {
            headers.addAll(List.of(pick("connect-timeout-ms", "grpc-timeout"), pick("1", "20", "1m", "-1", "x", "")));
        }
        if (random.nextInt(8) == 0) {
            headers.addAll(List.of("accept", pick("*/*", "application/grpc-web-text", "application/grpc-web", "")));
        }
        return headers.toArray(String[]::new);
    }

    private String pick(String... some) {
        return some[random.nextInt(some.length)];
    }

    private byte[] body(String type) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = random.nextInt(6); i > 0; i--) {
            String text = pick("a", "3", "fail", "size 30000", "size 2000000", "x".repeat(random.nextInt(20_000)));
            byte[] message = type.contains("json")
                    ? ("{\"message\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8)
                    : request(text);
            boolean zipped = random.nextInt(3) == 0;
            body.writeBytes(envelope(zipped ? 1 : 0, zipped ? gzip(message) : message));
        }
        return body.toByteArray();
    }

    private byte[] damaged(byte[] body) {
        byte[] bytes = body.clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                for (int i = random.nextInt(5); bytes.length > 0 && i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 2 -> random.nextBytes(bytes);
            case 3 -> {
                if (bytes.length > 5) {
                    bytes[random.nextInt(5)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {}
        }
        return bytes;
    }
}
