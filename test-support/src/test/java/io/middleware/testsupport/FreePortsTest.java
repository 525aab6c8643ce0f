package io.middleware.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void next_givesEachPortOnceAndBelowTheEphemeralRange() {
        assertThat(Stream.generate(FreePorts::next).limit(200))
                .doesNotHaveDuplicates()
                .allMatch(port -> port < 32_768);
    }

    @Test
    void next_canBeBound() throws Exception {
        int port = FreePorts.next();
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.getLocalPort()).isEqualTo(port);
        }
    }
}
