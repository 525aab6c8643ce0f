package io.middleware.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.starter.tls.PeerNames;
import io.middleware.testsupport.TestAuthority;
import io.netty.handler.ssl.OpenSsl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.SslManagerBundle;

/** A server whose TLS is that of netty-tcnative, with the SSL bundle that the starter makes for it. */
class NativeServerTest {
    private static final String GATEWAY = "spiffe://middleware/gateway";
    private static final String SERVER = "spiffe://middleware/service/service";

    private final TestAuthority authority = new TestAuthority("Test CA");
    private final TestBundles ofServer = new TestBundles(authority.issue(SERVER), authority);

    @Test
    void newAuthority_isTaken_andTheOldOneIsNotAnyMore() throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "no netty-tcnative for this machine");
        TestAuthority next = new TestAuthority("Next CA");
        Server server = serve();
        try {
            assertThat(isServed(server, new TestBundles(authority.issue(GATEWAY), authority)))
                    .isTrue();

            ofServer.update(authority.issue(SERVER), authority, next);
            ofServer.update(next.issue(SERVER), authority, next);
            assertThat(isServed(server, new TestBundles(authority.issue(GATEWAY), authority, next)))
                    .as("an old certificate, while both authorities are trusted")
                    .isTrue();
            assertThat(isServed(server, new TestBundles(next.issue(GATEWAY), authority, next)))
                    .as("a new certificate, while both authorities are trusted")
                    .isTrue();

            ofServer.update(next.issue(SERVER), next);
            assertThat(isServed(server, new TestBundles(next.issue(GATEWAY), next)))
                    .as("a new certificate")
                    .isTrue();
            assertThat(isServed(server, new TestBundles(authority.issue(GATEWAY), next)))
                    .as("an old certificate")
                    .isFalse();
        } finally {
            server.shutdownNow();
        }
    }

    /** Starts it as Spring gRPC does. */
    private Server serve() throws Exception {
        SslManagerBundle managers =
                ofServer.kept().bundle(new PeerNames(List.of(GATEWAY))).getManagers();
        return NettyServerBuilder.forPort(
                        0,
                        TlsServerCredentials.newBuilder()
                                .keyManager(managers.getKeyManagers())
                                .trustManager(managers.getTrustManagers())
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(new Hello())
                .build()
                .start();
    }

    /** Calls by a gateway that has just started. */
    private static boolean isServed(Server server, TestBundles bundles) {
        TlsSettings.Instances settings = new TlsSettings.Instances(
                TestBundles.NAME, List.of("spiffe://middleware/service/{service}"), Map.of(), true);
        try (GatewayHarness gateway = new GatewayHarness(new ConnectionOptions(
                Duration.ofSeconds(1), 8, Duration.ofSeconds(1), new InstanceContexts(settings, bundles.book())))) {
            gateway.registerTls("one", server.getPort(), Pool.PRIMARY);
            return HelloServiceGrpc.newBlockingStub(gateway.channel())
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .sayHello(HelloRequest.getDefaultInstance())
                    .getMessage()
                    .equals("World");
        } catch (StatusRuntimeException refused) {
            return false;
        }
    }

    private static final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.newBuilder().setMessage("World").build());
            reply.onCompleted();
        }
    }
}
