package io.middleware.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.TestAuthority;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to real gRPC servers with real certificates, right and wrong ones. */
class InstanceTlsTest {
    private static final String GATEWAY = "spiffe://middleware/gateway";
    private static final String SERVER = "spiffe://middleware/service/service";

    private final TestAuthority authority = new TestAuthority("Test CA");
    private final TestBundles bundles = new TestBundles(authority.issue(GATEWAY), authority);
    private final List<Server> servers = new ArrayList<>();
    private final List<GatewayHarness> gateways = new ArrayList<>();

    @AfterEach
    void close() {
        gateways.forEach(GatewayHarness::close);
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void call_goesByTls() throws Exception {
        GatewayHarness gateway =
                gateway(false).registerTls("one", serve("one", 0, authority.issue(SERVER)), Pool.PRIMARY);

        assertThat(hello(gateway)).isEqualTo("one");
    }

    @Test
    void wrongName_isLikeDown_untilItIsMended() throws Exception {
        int port = serve("one", 0, authority.issue("spiffe://middleware/service/other"));
        GatewayHarness gateway = gateway(false).registerTls("one", port, Pool.PRIMARY);
        gateway.register("two", serve("two", 0, null), Pool.SECONDARY, GatewayHarness.SERVICE);

        assertThat(hello(gateway)).isEqualTo("two");
        assertThat(because(gateway))
                .contains("names [spiffe://middleware/service/other]")
                .contains("expected: " + SERVER);

        servers.getFirst().shutdownNow().awaitTermination();
        serve("one", port, authority.issue(SERVER));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(hello(gateway)).isEqualTo("one"));
    }

    @Test
    void expired_foreign_andEarlyCertificates_areRefusedInWords() throws Exception {
        assertThat(refusal(authority.issueExpired(SERVER))).contains("its certificate expired on ");
        assertThat(refusal(new TestAuthority("Other CA").issue(SERVER)))
                .contains("issued by CN=Other CA, is not trusted")
                .contains("CN=Test CA");
        Instant soon = Instant.now().plus(Duration.ofHours(1));
        assertThat(refusal(authority.issue(soon, soon.plusSeconds(60), SERVER))).contains("is valid only from ");
    }

    @Test
    void serverThatSpeaksNoTls_isRefusedInWords() throws Exception {
        assertThat(refusal(null)).contains("does not speak TLS");
    }

    @Test
    void serverThatRefusesTheGateway_isToldSo() throws Exception {
        bundles.kept();
        bundles.update(new TestAuthority("Other CA").issue(GATEWAY), authority);

        assertThat(refusal(authority.issue(SERVER)))
                .containsAnyOf("refused the certificate", "accepts this gateway's certificate");
    }

    @Test
    void plainInstance_isServedBesideTls_unlessTlsIsRequired() throws Exception {
        int tls = serve("tls", 0, authority.issue(SERVER));
        int plain = serve("plain", 0, null);
        GatewayHarness both = gateway(false).registerTls("tls", tls, Pool.PRIMARY);
        both.register("plain", plain, Pool.PRIMARY, GatewayHarness.SERVICE);
        assertThat(answers(both)).contains("tls", "plain");

        GatewayHarness strict = gateway(true).registerTls("tls", tls, Pool.PRIMARY);
        strict.register("one", plain, Pool.PRIMARY, GatewayHarness.SERVICE);
        assertThat(answers(strict)).containsOnly("tls");
        assertThat(because(strict)).contains("required");
    }

    @Test
    void rotationOfLeafAndAuthority_losesNoCall() throws Exception {
        TestAuthority next = new TestAuthority("Next CA");
        int first = serve("one", 0, authority.issue(SERVER), authority, next);
        GatewayHarness gateway = gateway(false).registerTls("one", first, Pool.PRIMARY);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        List<Throwable> lost = new ArrayList<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                try {
                    hello(gateway);
                    made.incrementAndGet();
                } catch (RuntimeException failed) {
                    lost.add(failed);
                }
            }
        });
        awaitCalls(made);
        // overlap: both authorities are trusted, then the new one issues all, then the old one goes
        bundles.update(authority.issue(GATEWAY), authority, next);
        awaitCalls(made);
        gateway.registerTls("two", serve("two", 0, next.issue(SERVER), authority, next), Pool.PRIMARY);
        awaitCalls(made);
        bundles.update(next.issue(GATEWAY), authority, next);
        awaitCalls(made);
        gateway.unregister("one");
        awaitCalls(made);
        bundles.update(next.issue(GATEWAY), next);
        gateway.registerTls("three", serve("three", 0, next.issue(SERVER), next), Pool.PRIMARY);
        gateway.unregister("two");
        awaitCalls(made);
        stop.set(true);
        caller.join();

        assertThat(lost).isEmpty();
        assertThat(refusal(authority.issue(SERVER))).contains("not trusted");
    }

    @Test
    void badFile_leavesTheOldCertificate_andAMendedOneIsTaken() throws Exception {
        GatewayHarness gateway = gateway(false);
        X509Bundle good = authority.issue(GATEWAY);
        bundles.kept();
        bundles.update(good.getCertificatePathPEM().substring(0, 300), good.getPrivateKeyPEM(), authority);
        assertThat(health()).contains("newFilesNotUsed");
        bundles.update(authority.issueExpired(GATEWAY), authority);
        assertThat(health()).contains("newFilesNotUsed").contains("NotAfter");
        bundles.update(good.getCertificatePathPEM(), authority.issue(GATEWAY).getPrivateKeyPEM(), authority);
        assertThat(health()).contains("does not belong");

        gateway.registerTls("one", serve("one", 0, authority.issue(SERVER)), Pool.PRIMARY);
        assertThat(hello(gateway)).isEqualTo("one");
        bundles.update(good, authority);
        assertThat(health()).doesNotContain("newFilesNotUsed").contains(GATEWAY);
        assertThat(bundles.kept().current().chain()).containsExactly(good.getCertificate());
    }

    private String health() {
        return new io.middleware.starter.tls.CertificatesHealthIndicator(
                        bundles.book(), java.time.InstantSource.system())
                .health()
                .getDetails()
                .toString();
    }

    private String refusal(X509Bundle certificate) throws Exception {
        GatewayHarness gateway = gateway(false).registerTls("one", serve("one", 0, certificate), Pool.PRIMARY);
        gateway.register("two", serve("two", 0, null), Pool.SECONDARY, GatewayHarness.SERVICE);
        assertThat(hello(gateway)).isEqualTo("two");
        return because(gateway);
    }

    private static String because(GatewayHarness gateway) {
        await().until(() -> gateway.instance("one").ejected());
        return String.valueOf(gateway.instance("one").ejectedBecause());
    }

    /** So many that a new instance, which gets one call of ten at first, gets some. */
    private static List<String> answers(GatewayHarness gateway) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(hello(gateway));
        }
        return answers;
    }

    private static void awaitCalls(AtomicInteger made) {
        int before = made.get();
        await().until(() -> made.get() > before + 50);
    }

    private GatewayHarness gateway(boolean required) {
        TlsSettings.Instances settings = new TlsSettings.Instances(
                TestBundles.NAME,
                List.of(SERVER.replace("/service/service", "/service/{service}")),
                Map.of(),
                required);
        GatewayHarness gateway = new GatewayHarness(new ConnectionOptions(
                Duration.ofSeconds(1), 8, Duration.ofSeconds(1), new InstanceContexts(settings, bundles.book())));
        gateways.add(gateway);
        return gateway;
    }

    private static String hello(GatewayHarness gateway) {
        return HelloServiceGrpc.newBlockingStub(gateway.channel())
                .sayHello(HelloRequest.newBuilder().setMessage("Hello").build())
                .getMessage();
    }

    /** Starts a server; null for a plain one. */
    private int serve(String name, int port, X509Bundle certificate, TestAuthority... trusted) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forPort(port).addService(new Named(name));
        if (certificate != null) {
            String authorities = trusted.length == 0
                    ? authority.pem()
                    : Arrays.stream(trusted).map(TestAuthority::pem).collect(Collectors.joining("\n"));
            builder.sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(
                                    certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                            .trustManager(new ByteArrayInputStream(authorities.getBytes(StandardCharsets.UTF_8)))
                            .clientAuth(ClientAuth.REQUIRE))
                    .build());
        }
        Server server = builder.build().start();
        servers.add(server);
        return server.getPort();
    }

    private static final class Named extends HelloServiceGrpc.HelloServiceImplBase {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.newBuilder().setMessage(name).build());
            reply.onCompleted();
        }
    }
}
