package io.middleware.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.starter.tls.PeerNames;
import io.middleware.starter.tls.RefusalLog;
import io.middleware.testsupport.TestAuthority;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.slf4j.LoggerFactory;

/** Callers with right and wrong certificates at the gRPC port. */
class CallerTlsTest {
    private static final String NGINX = "spiffe://middleware/nginx";

    /** What the gateway says whose registry is empty: it was asked. */
    private static final String SERVED = "the registry has not said yet";

    private final TestAuthority authority = new TestAuthority("Test CA");
    private final TestBundles bundles = new TestBundles(authority.issue("gateway.test"), authority);
    private final GatewayHarness gateway = new GatewayHarness();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(RefusalLog.class);

    @BeforeEach
    void secure() {
        gateway.server()
                .secure(new CallerTls(bundles.kept(), new PeerNames(List.of(NGINX, "spiffe://middleware/client/*"))));
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
        gateway.close();
    }

    @Test
    void expectedNames_areServed() throws Exception {
        assertServed(authority.issue(NGINX));
        assertServed(authority.issue("spiffe://middleware/client/shop"));
        assertThat(lines.list).isEmpty();
    }

    @Test
    void wrongName_isRefused_inOneLine() throws Exception {
        X509Bundle wrong = authority.issue("spiffe://middleware/service/hello");
        assertRefused(wrong);
        assertRefused(wrong);
        assertLine("names [spiffe://middleware/service/hello] (expected: " + NGINX);
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.getFirst().getThrowableProxy()).isNull();
    }

    @Test
    void noCertificate_foreign_andExpiredOnes_areRefused() throws Exception {
        assertRefused(null);
        assertLine("it has no certificate");
        assertRefused(new TestAuthority("Test CA").issue(NGINX));
        assertLine("issued by CN=Test CA, is not trusted");
        assertRefused(authority.issueExpired(NGINX));
        assertLine("its certificate expired on ");
    }

    @Test
    void plainCaller_isRefused() {
        assertThatThrownBy(() -> HelloServiceGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(5, TimeUnit.SECONDS)
                        .sayHello(HelloRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
        assertLine("does not speak TLS");
    }

    @Test
    void newAuthority_isTakenAtOnce_andTheOldOneNoLonger() throws Exception {
        TestAuthority next = new TestAuthority("Next CA");
        assertServed(authority.issue(NGINX));
        bundles.update(next.issue("gateway.test"), next);
        ManagedChannel channel = channel(next.issue(NGINX), next);
        assertThat(status(channel)).contains(SERVED);
        channel.shutdownNow();
        ManagedChannel old = channel(authority.issue(NGINX), next);
        assertThat(status(old)).doesNotContain(SERVED);
        old.shutdownNow();
    }

    /** By the JDK's engine a gateway that has just started makes a hundred handshakes a second, and loses calls. */
    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    void handshakes_areMadeByNativeCode() throws Exception {
        CallerTls tls = new CallerTls(bundles.kept(), new PeerNames(List.of(NGINX)));
        SslHandler handler = tls.http1().newHandler(UnpooledByteBufAllocator.DEFAULT);
        assertThat(handler.engine()).isInstanceOf(ReferenceCountedOpenSslEngine.class);
        ReferenceCountUtil.release(handler.engine());
    }

    private void assertLine(String text) {
        await().untilAsserted(() -> assertThat(List.copyOf(lines.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.startsWith("a caller was refused, 127.0.0.1 at port ") && line.contains(text)));
    }

    private void assertServed(X509Bundle certificate) throws Exception {
        ManagedChannel channel = channel(certificate, authority);
        assertThat(status(channel)).contains(SERVED);
        channel.shutdownNow();
    }

    private void assertRefused(X509Bundle certificate) throws Exception {
        ManagedChannel channel = channel(certificate, authority);
        assertThat(status(channel)).contains("UNAVAILABLE").doesNotContain(SERVED);
        channel.shutdownNow();
    }

    private static String status(ManagedChannel channel) {
        try {
            HelloServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .sayHello(HelloRequest.getDefaultInstance());
            return "OK";
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().toString();
        }
    }

    private ManagedChannel channel(X509Bundle certificate, TestAuthority trusted) throws Exception {
        SslContextBuilder tls = GrpcSslContexts.forClient()
                .trustManager(new ByteArrayInputStream(trusted.pem().getBytes(StandardCharsets.UTF_8)));
        if (certificate != null) {
            tls.keyManager(certificate.getKeyPair().getPrivate(), certificate.getCertificatePath());
        }
        return NettyChannelBuilder.forAddress("127.0.0.1", gateway.server().port())
                .overrideAuthority("gateway.test")
                .sslContext(tls.build())
                .disableRetry()
                .build();
    }
}
