package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookBlockingStub;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** One guestbook for two servers, in a database that is a process of its own, and what becomes of calls without it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
abstract class GuestbookInDatabase {

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<ConfigurableApplicationContext> servers = new ArrayList<>();

    /** Starts it, again after it was killed, and returns when it accepts connections. */
    abstract void startDatabase();

    abstract void killDatabase();

    abstract void closeDatabase();

    /** Returns the arguments of a server that uses it. */
    abstract List<String> settings();

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(ConfigurableApplicationContext::close);
        closeDatabase();
    }

    @Test
    void allServersHaveOneBook_inTheOrderOfTheSignatures() {
        startDatabase();
        ManagedChannel one = startServer();
        ManagedChannel other = startServer();

        List<Signature> signed = new ArrayList<>();
        for (int visitor = 1; visitor <= 60; visitor++) {
            signed.add(sign(one, "visitor " + visitor));
            signed.add(sign(other, "Ada \ud83d\ude00"));
        }

        assertThat(list(one, 0)).isEqualTo(signed.subList(20, 120));
        assertThat(list(other, 10_000)).isEqualTo(signed);
        assertThat(list(other, 2)).isEqualTo(signed.subList(118, 120));
    }

    @Test
    void callWithAKey_signsOnce_whicheverServerRepeatsIt() {
        startDatabase();
        ManagedChannel one = startServer();
        ManagedChannel other = startServer();

        Signature signed = withKey(one, "key-1").sign(request("Ada"));

        assertThat(withKey(one, "key-1").sign(request("Ada"))).isEqualTo(signed);
        assertThat(withKey(other, "key-1").sign(request("Ada"))).isEqualTo(signed);
        assertThat(catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> withKey(other, "key-1").sign(request("Bob")))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(list(other, 0)).containsExactly(signed);
    }

    @Test
    void databaseThatIsKilled_losesNoSignature_andTheServerServesItsOtherCalls(CapturedOutput log) {
        startDatabase();
        ManagedChannel server = startServer();
        List<Signature> signed = new ArrayList<>();
        for (int visitor = 1; visitor <= 100; visitor++) {
            signed.add(sign(server, "visitor " + visitor));
        }

        killDatabase();
        for (int call = 1; call <= 3; call++) {
            assertThat(refusalOf(server).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
        assertThat(refusalOf(server).getDescription())
                .isEqualTo("not signed: the database of the guestbook does not respond");
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> list(server, 0))
                        .getStatus()
                        .getDescription())
                .isEqualTo("not read: the database of the guestbook does not respond");
        assertThat(HelloServiceGrpc.newBlockingStub(server)
                        .sayHello(HelloRequest.getDefaultInstance())
                        .getMessage())
                .isEqualTo("World");

        startDatabase();
        awaitSignature(server);
        assertThat(list(server, 10_000)).startsWith(signed.toArray(Signature[]::new));
        assertThat(log.getOut().lines().filter(line -> line.contains("does not respond")))
                .as("one each ten seconds")
                .hasSizeBetween(1, 3)
                .first()
                .asString()
                .contains("WARN")
                .contains("calls of the guestbook fail until it does");
        assertThat(log.getOut().lines().filter(line -> line.contains("The database responds again, after")))
                .hasSize(1);
        assertThat(log.getOut()).doesNotContain("\tat ");
    }

    ManagedChannel startServer() {
        String name = "server-" + servers.size();
        List<String> arguments = new ArrayList<>(settings());
        arguments.addAll(List.of(
                "--spring.cloud.consul.enabled=false",
                "--spring.grpc.server.inprocess.name=" + name,
                "--spring.grpc.server.port=0"));
        servers.add(new SpringApplicationBuilder(HelloServiceApplication.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new)));
        channels.add(InProcessChannelBuilder.forName(name).build());
        return channels.getLast();
    }

    static Signature sign(ManagedChannel server, String name) {
        return GuestbookGrpc.newBlockingStub(server)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .sign(request(name));
    }

    private static SignRequest request(String name) {
        return SignRequest.newBuilder().setName(name).build();
    }

    private static GuestbookBlockingStub withKey(ManagedChannel server, String key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER), key);
        return GuestbookGrpc.newBlockingStub(server)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static List<Signature> list(ManagedChannel server, int most) {
        return GuestbookGrpc.newBlockingStub(server)
                .list(ListRequest.newBuilder().setMost(most).build())
                .getSignaturesList();
    }

    static Status refusalOf(ManagedChannel server) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> sign(server, "Bob"))
                .getStatus();
    }

    static void awaitSignature(ManagedChannel server) {
        Awaitility.await("signs again")
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> sign(server, "again"), signed -> true);
    }
}
