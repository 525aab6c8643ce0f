package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** With the database of {@code ./stack up} as processes, which may also be frozen, or come late. */
class JdbcGuestbookTest extends GuestbookInDatabase {

    private DatabaseProcess database;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        database = new DatabaseProcess(folder);
    }

    @Override
    void startDatabase() {
        database.start();
    }

    @Override
    void killDatabase() {
        database.process().kill();
    }

    @Override
    void closeDatabase() {
        database.close();
    }

    @Override
    List<String> settings() {
        return database.settings();
    }

    @Test
    void databaseThatIsFrozen_failsTheCallInTime() {
        startDatabase();
        ManagedChannel server = startServer();
        sign(server, "Ada");

        database.process().freeze();
        Status refusal = refusalOf(server);
        database.process().thaw();

        assertThat(refusal.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refusal.getDescription())
                .matches("it may have run: .* broke|not signed: the database .* does not respond");
        awaitSignature(server);
    }

    @Test
    void server_startsWithoutItsDatabase(CapturedOutput log) {
        ManagedChannel server = startServer();

        assertThat(HelloServiceGrpc.newBlockingStub(server)
                        .sayHello(HelloRequest.getDefaultInstance())
                        .getMessage())
                .isEqualTo("World");
        assertThat(refusalOf(server).getDescription())
                .isEqualTo("not signed: the database of the guestbook does not respond");

        startDatabase();
        awaitSignature(server);
        assertThat(log.getOut()).doesNotContain("\tat ");
    }
}
