package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How {@code ./stack} tells a part that listens from another program that does so in its place. */
class PortsTest {

    private final long self = ProcessHandle.current().pid();

    @Test
    void port_belongsToTheProcessThatListensThere() throws IOException {
        try (ServerSocket one = listen();
                ServerSocket other = listen()) {
            assertThat(owned(self, one.getLocalPort(), other.getLocalPort())).isEqualTo("yes");
            long another = ProcessHandle.current().parent().orElseThrow().pid();
            assertThat(owned(another, one.getLocalPort()))
                    .isEqualTo("no: it does not listen on port " + one.getLocalPort() + " itself");
        }
    }

    @Test
    void closedPort_belongsToNobody() throws IOException {
        int closed;
        try (ServerSocket socket = listen()) {
            closed = socket.getLocalPort();
        }
        try (ServerSocket open = listen()) {
            assertThat(owned(self, open.getLocalPort(), closed))
                    .isEqualTo("no: it does not listen on port " + closed + " itself");
        }
    }

    private static String owned(long pid, int... ports) {
        StringBuilder list = new StringBuilder();
        for (int port : ports) {
            list.append(' ').append(port);
        }
        return Shell.run(
                        Map.of(),
                        List.of(
                                "bash",
                                "-euo",
                                "pipefail",
                                "-c",
                                ". stack.d/net.sh; if owned_ports " + pid + list
                                        + "; then echo yes; else echo \"no: $lacking\"; fi"))
                .out()
                .strip();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }
}
