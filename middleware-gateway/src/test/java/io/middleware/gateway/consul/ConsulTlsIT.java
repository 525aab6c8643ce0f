package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.gateway.tls.TestBundles;
import io.middleware.starter.tls.PeerNames;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.TestAuthority;
import io.middleware.testsupport.TlsRelay;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The watch at a Consul that speaks TLS, and at one that only pretends to be Consul. */
@ExtendWith(OutputCaptureExtension.class)
class ConsulTlsIT extends WatchedConsul {
    private static final String CONSUL = "spiffe://middleware/consul";

    private final TestAuthority authority = new TestAuthority("Test CA");
    private TlsRelay relay;

    @BeforeEach
    void start() throws Exception {
        ConsulServer started = ConsulServer.forgetful();
        relay = new TlsRelay(started.port(), authority.issue(CONSUL));
        TestBundles bundles = new TestBundles(authority.issue("spiffe://middleware/gateway"), authority);
        watchBy(
                relay,
                started,
                bundles.kept().bundle(new PeerNames(List.of(CONSUL))).createSslContext());
        registerThree();
    }

    @AfterEach
    void end() {
        relay.close();
    }

    @Test
    void wrongName_isRefusedInOneLine_andTakesNothingAway(CapturedOutput output) throws Exception {
        isRefused(
                authority.issue("spiffe://middleware/service/greeter"),
                "its certificate names [spiffe://middleware/service/greeter] (expected: " + CONSUL + ")",
                output);
    }

    @Test
    void foreignAuthority_isRefusedInOneLine_andTakesNothingAway(CapturedOutput output) throws Exception {
        isRefused(
                new TestAuthority("Other CA").issue(CONSUL),
                "its certificate, issued by CN=Other CA, is not trusted: no known authority (expected: one issued by"
                        + " CN=Test CA)",
                output);
    }

    @Test
    void expiredCertificate_isRefusedInOneLine_andTakesNothingAway(CapturedOutput output) throws Exception {
        isRefused(authority.issueExpired(CONSUL), "its certificate expired on ", output);
    }

    private void isRefused(X509Bundle certificate, String reason, CapturedOutput output) throws Exception {
        relay.show(certificate);
        soon().untilAsserted(() -> assertThat(watch.reachability().problem())
                .hasValueSatisfying(problem -> assertThat(problem).startsWith(reason)));
        skip(Duration.ofMinutes(5));
        soon().untilAsserted(() -> assertThat(watch.reachability().age()).isGreaterThan(Duration.ofMinutes(4)));
        assertThat(instances()).hasSize(3).extracting(Instance::status).containsOnly(RegistryStatus.PASSING);

        relay.show(authority.issue(CONSUL));
        consul.api().deregister("g-1");
        soon().until(() -> instances().size() == 2);
        soon().until(() -> watch.reachability().problem().isEmpty());
        assertThat(output)
                .containsOnlyOnce("gives no usable response: ")
                .containsOnlyOnce("the last known instances stay in use")
                .containsOnlyOnce("responds again")
                .doesNotContain("Exception", "\tat ");
    }
}
