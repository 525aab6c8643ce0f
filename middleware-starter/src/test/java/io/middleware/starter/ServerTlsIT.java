package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.starter.tls.RefusalLog;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.TestAuthority;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An instance that speaks TLS, with files that are replaced while it runs. */
class ServerTlsIT {
    private static final String GATEWAY = "spiffe://middleware/gateway";
    private static final String[] NAMES = {"spiffe://middleware/service/greeter", "greeter.test"};

    private final TestAuthority authority = new TestAuthority("Test CA");

    @TempDir
    private Path folder;

    @Test
    void gatewaysAreServed_othersRefused_andNewFilesTaken() throws Exception {
        write("own.pem", authority.issue(NAMES));
        write("ca.pem", authority.pem());
        String bundle = "spring.ssl.bundle.pem.own.";
        try (ConsulServer consul = ConsulServer.forgetful();
                GreeterInstance greeter = new GreeterInstance(
                        consul,
                        bundle + "reload-on-update=true",
                        bundle + "keystore.certificate=file:" + folder.resolve("own.pem"),
                        bundle + "keystore.private-key=file:" + folder.resolve("own.pem"),
                        bundle + "truststore.certificate=file:" + folder.resolve("ca.pem"),
                        "spring.grpc.server.ssl.bundle=own")) {
            greeter.awaitStatus("passing", Duration.ofSeconds(10));
            ListAppender<ILoggingEvent> refusals = refusals();
            assertThat(greeter.inConsul().at("/Meta/tls").asString()).isEqualTo("true");
            assertThat(isServed(greeter, authority.issue(GATEWAY), authority)).isTrue();
            assertThat(isServed(greeter, null, authority)).isFalse();
            assertThat(isServed(greeter, authority.issue("spiffe://middleware/nginx"), authority))
                    .isFalse();
            assertThat(isServed(greeter, authority.issueExpired(GATEWAY), authority))
                    .isFalse();
            assertThat(isServed(greeter, authority.issue("spiffe://middleware/nginx"), authority))
                    .isFalse();

            assertThat(refusals.list.stream().map(ILoggingEvent::getFormattedMessage))
                    .as("one line for each reason, however many come")
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("a caller was refused: its certificate names")
                            && line.contains("(expected: " + GATEWAY))
                    .anyMatch(line -> line.startsWith("a caller was refused: its certificate expired on"));
            assertThat(LoggerFactory.getLogger("io.netty.channel.DefaultChannelPipeline")
                            .isWarnEnabled())
                    .as("stack traces of callers that are refused")
                    .isFalse();

            // a half-written file changes nothing, and a whole one after it is taken
            write("own.pem", "-----BEGIN CERTIFICATE-----\nMIIB");
            TestAuthority next = new TestAuthority("Next CA");
            write("ca.pem", authority.pem() + next.pem());
            assertThat(isServed(greeter, authority.issue(GATEWAY), authority)).isTrue();
            write("own.pem", next.issue(NAMES));
            await().atMost(Duration.ofSeconds(30)).until(() -> isServed(greeter, next.issue(GATEWAY), next));
            write("ca.pem", next.pem());
            await().atMost(Duration.ofSeconds(30)).until(() -> !isServed(greeter, authority.issue(GATEWAY), next));
            assertThat(isServed(greeter, next.issue(GATEWAY), next)).isTrue();
        }
    }

    private static ListAppender<ILoggingEvent> refusals() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        ((Logger) LoggerFactory.getLogger(RefusalLog.class)).addAppender(lines);
        return lines;
    }

    private void write(String name, X509Bundle own) throws Exception {
        write(name, own.getCertificatePathPEM() + "\n" + own.getPrivateKeyPEM());
    }

    private void write(String name, String pem) throws Exception {
        Path written = Files.writeString(folder.resolve(name + ".new"), pem);
        Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isServed(GreeterInstance greeter, X509Bundle own, TestAuthority trusted) throws Exception {
        SslContextBuilder tls = GrpcSslContexts.forClient()
                .trustManager(new ByteArrayInputStream(trusted.pem().getBytes(StandardCharsets.UTF_8)));
        if (own != null) {
            tls.keyManager(own.getKeyPair().getPrivate(), own.getCertificatePath());
        }
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", greeter.grpcPort())
                .overrideAuthority("greeter.test")
                .sslContext(tls.build())
                .build();
        try {
            HelloServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .sayHello(HelloRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException refused) {
            return false;
        } finally {
            channel.shutdownNow();
        }
    }
}
