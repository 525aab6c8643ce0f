package io.middleware.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The configuration of this project, in a real Nginx: how it finds out that a caller has vanished without a word. */
class NginxCallersIT {
    private static final Path CONNECTIONS = Path.of("/proc/net/tcp");
    private static final String ESTABLISHED = "01";
    private static final String KEEPALIVE = "02";
    private static final int TICKS_PER_SECOND = 100;

    private final int port = FreePorts.next();
    private final int grpcPort = FreePorts.next();

    @Test
    void callerThatIsSilent_isAskedForASignOfLife() throws Exception {
        try (NginxServer nginx = ProjectNginx.start(port, grpcPort, "server 127.0.0.1:" + FreePorts.next() + ";")) {
            for (int each : List.of(port, grpcPort)) {
                try (Socket caller = new Socket("127.0.0.1", each)) {
                    assertThat(caller.isConnected()).as(nginx.log()).isTrue();
                    // set when the connection is taken, which is later than for the caller
                    await().untilAsserted(() -> assertThat(timers(each))
                            .singleElement()
                            .satisfies(timer -> {
                                assertThat(timer).startsWith(KEEPALIVE + ":");
                                assertThat(Integer.parseInt(timer.substring(3), 16))
                                        .isBetween(1, 30 * TICKS_PER_SECOND);
                            }));
                }
            }
        }
    }

    @Test
    void headThatComesByteByByte_isNotWaitedFor() throws Exception {
        try (NginxServer nginx = ProjectNginx.start(port, grpcPort, "server 127.0.0.1:" + FreePorts.next() + ";");
                Socket slow = new Socket("127.0.0.1", port)) {
            slow.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n".getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        try {
                            slow.getOutputStream().write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
                            return false;
                        } catch (IOException closed) {
                            return true;
                        }
                    });
            assertThat(nginx.log()).doesNotContain("[emerg]");
        }
    }

    /** Of connections at this end, each with what it is set for and the time that is left, as the system shows them. */
    private static List<String> timers(int port) throws IOException {
        String local = "0100007F:%04X".formatted(port);
        try (Stream<String> lines = Files.lines(CONNECTIONS)) {
            return lines.map(line -> line.strip().split(" +"))
                    .filter(field -> field[1].equals(local) && field[3].equals(ESTABLISHED))
                    .map(field -> field[5])
                    .toList();
        }
    }
}
