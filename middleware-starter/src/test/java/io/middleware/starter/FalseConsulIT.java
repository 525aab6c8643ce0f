package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.TestAuthority;
import io.middleware.testsupport.TlsRelay;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** An instance at a Consul that speaks TLS, and at one that only pretends to be Consul. */
@ExtendWith(OutputCaptureExtension.class)
class FalseConsulIT {
    private static final String CONSUL = "spiffe://middleware/consul";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TestAuthority authority = new TestAuthority("Test CA");

    @TempDir
    private Path folder;

    @Test
    void falseConsul_isToldInOneLine_andTheServerServesOn(CapturedOutput output) throws Exception {
        X509Bundle own = authority.issue("spiffe://middleware/service/greeter");
        Path file = Files.writeString(
                folder.resolve("own.pem"), own.getCertificatePathPEM() + "\n" + own.getPrivateKeyPEM());
        Path trusted = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        String bundle = "spring.ssl.bundle.pem.own.";
        try (ConsulServer consul = ConsulServer.forgetful();
                TlsRelay relay = new TlsRelay(consul.port(), authority.issue(CONSUL));
                GreeterInstance greeter = new GreeterInstance(
                        consul,
                        "spring.cloud.consul.host=127.0.0.1",
                        "spring.cloud.consul.port=" + relay.port(),
                        "spring.cloud.consul.scheme=https",
                        "middleware.consul.tls.bundle=own",
                        bundle + "keystore.certificate=file:" + file,
                        bundle + "keystore.private-key=file:" + file,
                        bundle + "truststore.certificate=file:" + trusted)) {
            greeter.awaitStatus("passing", LIMIT);

            isRefused(
                    greeter,
                    relay,
                    authority.issue("spiffe://middleware/service/other"),
                    "its certificate names [spiffe://middleware/service/other] (expected: " + CONSUL + " or 127.0.0.1)",
                    output);
            isRefused(
                    greeter,
                    relay,
                    new TestAuthority("Other CA").issue(CONSUL),
                    "its certificate, issued by CN=Other CA, is not trusted: no known authority (expected: one issued"
                            + " by CN=Test CA)",
                    output);
        }
        assertThat(output).doesNotContain("SSLHandshakeException", "\tat ");
    }

    private void isRefused(
            GreeterInstance greeter, TlsRelay relay, X509Bundle certificate, String reason, CapturedOutput output)
            throws Exception {
        relay.show(certificate);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(output).contains(reason));
        greeter.awaitStatus("critical", LIMIT);
        assertThat(greeter.greet()).isNotEmpty();

        relay.show(authority.issue(CONSUL));
        greeter.awaitStatus("passing", LIMIT);
        assertThat(output).containsOnlyOnce(reason);
    }
}
