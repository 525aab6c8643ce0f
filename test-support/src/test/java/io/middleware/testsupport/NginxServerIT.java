package io.middleware.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class NginxServerIT {

    private final int port = FreePorts.next();
    private final URI uri = URI.create("http://127.0.0.1:" + port + "/");

    @Test
    void start_servesUntilClosed() {
        try (NginxServer nginx = NginxServer.start("""
                events {}
                http { %s access_log off; server { listen 127.0.0.1:%d; return 204; } }
                """.formatted(NginxServer.TEMPORARY_FILES, port), port)) {
            assertThat(Probe.status(uri)).isEqualTo(204);
            assertThat(nginx.log()).doesNotContain("emerg");
        }
        assertThat(Probe.status(uri)).isEqualTo(-1);
    }

    @Test
    void badConfiguration_isReportedInNginxsWords() {
        assertThatThrownBy(() -> NginxServer.start("events {} nonsense;", port))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unknown directive \"nonsense\"");
    }
}
