package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.testsupport.FreePorts;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

/** What a gateway says of its ports, before it opens any of them: no Consul is needed. */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class OpenPortsTest {

    private final int http = FreePorts.next();
    private final int management = FreePorts.next();

    @Test
    void securityThatIsRequired_endsTheStart_inAFewLinesWithoutAStackTrace(CapturedOutput log) {
        assertThatThrownBy(() -> start("server.address=0.0.0.0", "middleware.security.required=true"))
                .isNotNull();

        assertThat(log.getAll())
                .contains(
                        "APPLICATION FAILED TO START",
                        "middleware.security.required is true, but open to the network",
                        "HTTP on 0.0.0.0:" + http
                                + " without TLS (middleware.gateway.tls.callers.bundle) and for any caller"
                                + " (middleware.security.rules)",
                        "gRPC on 0.0.0.0:22101 without TLS (middleware.gateway.tls.callers.bundle)",
                        "management on *:" + management + " without TLS (management.server.ssl.bundle)")
                .doesNotContain("\tat ");
    }

    @Test
    void managementAlone_endsItToo(CapturedOutput log) {
        assertThatThrownBy(() -> start("server.address=127.0.0.1", "middleware.security.required=true"))
                .isNotNull();

        assertThat(log.getAll()).contains("open to the network: management on *:" + management);
    }

    @Test
    void portOfCallers_isGuardedByTlsAndRulesTogether() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("server.address", "0.0.0.0")
                .withProperty("server.port", "22001")
                .withProperty("middleware.gateway.tls.callers.bundle", "inside");
        CallersPorts ports =
                new CallersPorts(environment, new Binder().bindOrCreate("middleware.gateway", GatewaySettings.class));

        assertThat(ports.list()).hasSize(2).allSatisfy(port -> {
            assertThat(port.beyondLoopback()).isTrue();
            assertThat(port.tls().present()).isTrue();
            assertThat(port.callers().present()).isFalse();
        });
        environment.setProperty("middleware.security.rules", "rules.yaml");
        assertThat(ports.list())
                .allSatisfy(port -> assertThat(port.callers().present()).isTrue());
    }

    private void start(String... settings) {
        new SpringApplicationBuilder(GatewayApplication.class)
                .registerShutdownHook(false)
                .run(Stream.concat(
                                Stream.of("server.port=" + http, "management.server.port=" + management),
                                Stream.of(settings))
                        .map(setting -> "--" + setting)
                        .toArray(String[]::new));
    }
}
