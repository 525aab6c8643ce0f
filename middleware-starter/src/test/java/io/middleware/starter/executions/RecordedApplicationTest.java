package io.middleware.starter.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookBlockingStub;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.ListReply;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import io.middleware.starter.WrongSettingException;
import io.middleware.starter.idempotency.Idempotent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole application that records what it executes. */
@Tag("slow")
class RecordedApplicationTest {

    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Book book() {
            return new Book();
        }
    }

    static final class Book extends GuestbookImplBase {

        @Override
        @Idempotent
        public void sign(SignRequest request, StreamObserver<Signature> replies) {
            if (request.getName().equals("nobody")) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
            }
            replies.onNext(Signature.getDefaultInstance());
            replies.onCompleted();
        }

        @Override
        public void list(ListRequest request, StreamObserver<ListReply> replies) {
            replies.onNext(ListReply.getDefaultInstance());
            replies.onCompleted();
        }
    }

    @Test
    void callWithAKey_isRecordedOnce_howeverOftenItIsSent() {
        try (ConfigurableApplicationContext application = start()) {
            sign(application, "call-1", "\"key\"", "Ada");
            sign(application, "call-2", "key", "Ada");

            assertThat(book(application)).hasSize(1).first().satisfies(execution -> {
                assertThat(execution.callId()).isEqualTo("call-1");
                assertThat(execution.key()).isEqualTo("key");
                assertThat(execution.method()).isEqualTo("hello.v1.Guestbook/Sign");
                assertThat(execution.instance()).isEqualTo("book-1");
            });
        }
    }

    @Test
    void callWithAKey_whoseTransactionIsRolledBack_leavesNoRecord() {
        try (ConfigurableApplicationContext application = start()) {
            assertThatThrownBy(() -> sign(application, "call-1", "key", "nobody"))
                    .hasMessageContaining("INVALID_ARGUMENT");

            assertThat(book(application)).isEmpty();
        }
    }

    @Test
    void callsWithoutAKey_areRecorded_eachTimeTheyRun() {
        try (ConfigurableApplicationContext application = start()) {
            sign(application, "call-1", "", "Ada");
            sign(application, "call-1", "", "Ada");
            assertThatThrownBy(() -> sign(application, "call-2", "", "nobody"))
                    .hasMessageContaining("INVALID_ARGUMENT");
            list(application, "call-3");

            assertThat(book(application)).extracting(Execution::callId).containsExactly("call-1", "call-1", "call-2");
        }
    }

    @Test
    void pages_areReadOneAfterTheOther_byHttp() throws Exception {
        try (ConfigurableApplicationContext application = start()) {
            sign(application, "call-1", "", "Ada");

            assertThat(get(application, "")).contains("\"next\":1", "\"callId\":\"call-1\"");
            assertThat(get(application, "?after=1")).isEqualTo("{\"next\":1,\"executions\":[]}");
            assertThat(get(application, "?after=" + Long.MAX_VALUE)).isEqualTo("{\"next\":1,\"executions\":[]}");
        }
    }

    @Test
    void callThatCannotBeRecorded_doesNotRun() {
        try (ConfigurableApplicationContext application = start()) {
            sign(application, "call-1", "", "Ada");
            application
                    .getBean(JdbcClient.class)
                    .sql("drop table middleware_executions")
                    .update();

            assertThatThrownBy(() -> sign(application, "call-2", "", "Ada"))
                    .hasMessage("UNAVAILABLE: not executed, as that could not be recorded");
        }
    }

    @Test
    void withoutADatabase_theStartSaysWhatIsMissing() {
        assertThatThrownBy(() -> start("spring.autoconfigure.exclude="
                        + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageContaining("middleware.executions.record");
    }

    @Test
    void misspeltSetting_stopsTheStart() {
        assertThatThrownBy(() -> start("middleware.executions.kep=1h"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageContaining("middleware.executions.keep");
    }

    private static List<Execution> book(ConfigurableApplicationContext application) {
        return application.getBean(ExecutionBook.class).after(0).executions();
    }

    private static String get(ConfigurableApplicationContext application, String query) throws Exception {
        String port = application.getEnvironment().getProperty("local.management.port");
        if (port == null) {
            port = application.getEnvironment().getProperty("local.server.port");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port + "/actuator/executions" + query))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private static void sign(ConfigurableApplicationContext application, String callId, String key, String name) {
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            stub(application, callId, key, channels::add)
                    .sign(SignRequest.newBuilder().setName(name).build());
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    private static void list(ConfigurableApplicationContext application, String callId) {
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            stub(application, callId, "", channels::add).list(ListRequest.getDefaultInstance());
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    private static GuestbookBlockingStub stub(
            ConfigurableApplicationContext application, String callId, String key, Consumer<ManagedChannel> opened) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER), callId);
        if (!key.isEmpty()) {
            headers.put(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER), key);
        }
        int port = application.getBean(GrpcServerLifecycle.class).getPort();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        opened.accept(channel);
        return GuestbookGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private ConfigurableApplicationContext start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--middleware.executions.record=true",
                "--middleware.instance.id=book-1",
                "--spring.datasource.url=jdbc:h2:file:" + folder.resolve("book"),
                "--spring.datasource.username=sa",
                "--spring.application.name=book",
                "--spring.cloud.consul.enabled=false",
                "--spring.grpc.server.port=0",
                "--spring.grpc.server.address=127.0.0.1",
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off"));
        List.of(more).forEach(setting -> arguments.add("--" + setting));
        return new SpringApplicationBuilder(Application.class).run(arguments.toArray(String[]::new));
    }
}
