package io.middleware.starter.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import io.middleware.starter.InstanceMetadata;
import io.middleware.starter.WrongSettingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole application: what the starter sets up by itself. */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class IdempotentApplicationTest {

    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Marked marked(JdbcClient database) {
            return new Marked(database);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ListedApplication {

        @Bean
        Plain plain(JdbcClient database) {
            return new Plain(database);
        }
    }

    static class Plain extends GuestbookImplBase {
        private final JdbcClient database;

        Plain(JdbcClient database) {
            this.database = database;
            database.sql("create table if not exists signature (name varchar(100))")
                    .update();
        }

        @Override
        public void sign(SignRequest request, StreamObserver<Signature> replies) {
            database.sql("insert into signature values (?)")
                    .param(request.getName())
                    .update();
            if (request.getName().isEmpty()) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("a name is needed")
                        .asRuntimeException();
            }
            replies.onNext(Signature.newBuilder()
                    .setCallId(UUID.randomUUID().toString())
                    .build());
            replies.onCompleted();
        }

        List<String> names() {
            return database.sql("select name from signature")
                    .query(String.class)
                    .list();
        }
    }

    static final class Marked extends Plain {
        Marked(JdbcClient database) {
            super(database);
        }

        @Override
        @Idempotent(finalErrors = Status.Code.INVALID_ARGUMENT)
        public void sign(SignRequest request, StreamObserver<Signature> replies) {
            super.sign(request, replies);
        }
    }

    @Test
    void markedMethod_runsOncePerKey() {
        try (ConfigurableApplicationContext application = start(Application.class, file())) {
            assertThat(sign(application, "k", "Ada")).isEqualTo(sign(application, "k", "Ada"));
            assertThat(application.getBean(Marked.class).names()).containsExactly("Ada");
        }
        try (ConfigurableApplicationContext application = start(Application.class, file())) {
            sign(application, "k", "Ada");
            assertThat(application.getBean(Marked.class).names())
                    .as("after a restart")
                    .containsExactly("Ada");
        }
    }

    @Test
    void finalError_isThatOfTheFirstCall_asSpringSendsIt() {
        try (ConfigurableApplicationContext application = start(Application.class, file())) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> sign(application, "k", "")).hasMessage("INVALID_ARGUMENT: a name is needed");
            }
            assertThat(application.getBean(Marked.class).names()).isEmpty();
            assertThat(application
                            .getBean(JdbcClient.class)
                            .sql("select code from middleware_idempotency")
                            .query(Integer.class)
                            .list())
                    .containsExactly(3);
        }
    }

    @Test
    void listedService_needsNoAnnotation() {
        try (ConfigurableApplicationContext application =
                start(ListedApplication.class, file(), "middleware.idempotency.services=hello.v1.Guestbook")) {
            assertThat(sign(application, "k", "Ada")).isEqualTo(sign(application, "k", "Ada"));
        }
    }

    @Test
    void keysAreRegistered_onlyIfEachServerHasTheSameDatabase(CapturedOutput log) {
        try (ConfigurableApplicationContext application = start(Application.class, file())) {
            assertThat(metadata(application)).isEmpty();
            assertThat(log).contains("idempotency-keys is not registered: the database is this server's own");
        }
        try (ConfigurableApplicationContext application = start(Application.class, file() + ";AUTO_SERVER=TRUE")) {
            assertThat(metadata(application)).containsEntry("idempotency-keys", "true");
            assertThat(log).contains("calls with an Idempotency-Key run once: hello.v1.Guestbook/Sign");
        }
        try (ConfigurableApplicationContext application =
                start(Application.class, file() + ";AUTO_SERVER=TRUE", "middleware.instance.idempotency-keys=false")) {
            assertThat(metadata(application)).isEmpty();
        }
        try (ConfigurableApplicationContext application = start(ListedApplication.class, file())) {
            assertThat(metadata(application)).isEmpty();
        }
    }

    @Test
    void unknownService_stopsTheStart() {
        assertThatThrownBy(() -> start(Application.class, file(), "middleware.idempotency.services=hello.v1.Gestbook"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageContaining("hello.v1.Gestbook, which this server does not have");
    }

    @Test
    void misspeltSetting_stopsTheStart() {
        assertThatThrownBy(() -> start(Application.class, file(), "middleware.idempotency.kep=1h"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageContaining("middleware.idempotency.keep");
    }

    @Test
    void databaseThatIsAway_doesNotKeepTheServerFromStarting(CapturedOutput log) {
        // nothing listens there
        try (ConfigurableApplicationContext application =
                start(AwayApplication.class, "jdbc:h2:tcp://127.0.0.1:9/./book")) {
            assertThat(log).contains("the database for idempotency keys is away");
            assertThatThrownBy(() -> sign(application, "k", "Ada"))
                    .hasMessageStartingWith("UNAVAILABLE: the call did not run: its idempotency key cannot be written");
            assertThat(log).doesNotContain("\tat ");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class AwayApplication {

        @Bean
        AwayBook book() {
            return new AwayBook();
        }
    }

    @Idempotent
    static final class AwayBook extends GuestbookImplBase {}

    @Test
    void withoutADatabase_theLogSaysThatKeysAreNotHonoured(CapturedOutput log) {
        try (ConfigurableApplicationContext application = start(
                AwayApplication.class,
                file(),
                "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")) {
            assertThat(application.getBeanProvider(EffectLedger.class).getIfAvailable())
                    .isNull();
            assertThat(log)
                    .contains("no idempotency keys: hello.v1.Guestbook/Sign would honour them, but this application");
        }
    }

    private String file() {
        return "jdbc:h2:file:" + folder.resolve("book");
    }

    private static Map<String, String> metadata(ConfigurableApplicationContext application) {
        return application.getBean(InstanceMetadata.class).entries();
    }

    private static String sign(ConfigurableApplicationContext application, String key, String name) {
        Metadata headers = new Metadata();
        headers.put(IdempotencyKey.HEADER, key);
        int port = application.getBean(GrpcServerLifecycle.class).getPort();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            return GuestbookGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .sign(SignRequest.newBuilder().setName(name).build())
                    .getCallId();
        } finally {
            channel.shutdownNow();
        }
    }

    private static ConfigurableApplicationContext start(Class<?> application, String url, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=sa",
                "--spring.application.name=book",
                "--spring.cloud.consul.enabled=false",
                "--spring.grpc.server.port=0",
                "--spring.grpc.server.address=127.0.0.1",
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off"));
        List.of(more).forEach(setting -> arguments.add("--" + setting));
        return new SpringApplicationBuilder(application).run(arguments.toArray(String[]::new));
    }
}
