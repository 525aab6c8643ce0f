package io.middleware.starter.idempotency.jdbc;

import static io.middleware.starter.idempotency.jdbc.EffectsOnce.ada;
import static io.middleware.starter.idempotency.jdbc.EffectsOnce.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Commits that fail, or of which nobody knows; transaction managers that are not the plain one. */
class CommitOutcomesTest {
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID();
    private KeyedServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    /** Fails commits while {@link #failure} is set, before or after they are done. */
    private static final class Failing extends JdbcTransactionManager {
        private static final long serialVersionUID = 1L;

        private volatile String failure = "";
        private volatile boolean afterwards;

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (failure.isEmpty()) {
                super.doCommit(status);
                return;
            }
            if (afterwards) {
                super.doCommit(status);
            } else {
                super.doRollback(status);
            }
            throw new TransactionSystemException("commit", new SQLException("on purpose", failure));
        }
    }

    private Failing failing(String state, boolean afterwards) {
        Failing manager = new Failing();
        server = new KeyedServer(url, "sa", database -> {
            manager.setDataSource(database);
            return manager;
        });
        manager.failure = state;
        manager.afterwards = afterwards;
        return manager;
    }

    @Test
    void connectionThatBreaksAfterTheCommit_isUnknown_andARepeatGetsTheResponse() {
        Failing manager = failing("08006", true);
        StatusRuntimeException unknown = failed(() -> server.withKey("k").sign(ada()));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(unknown).hasMessageContaining("may have run");
        manager.failure = "";

        assertThat(server.withKey("k").sign(ada()).getName()).isEqualTo("Ada");
        assertThat(server.headers.get().get(KeyedServer.REPLAYED)).isEqualTo("true");
        assertThat(server.book.names()).containsExactly("Ada");
    }

    @Test
    void connectionThatBreaksBeforeTheCommit_isUnknown_andARepeatRuns() {
        Failing manager = failing("08006", false);
        StatusRuntimeException unknown = failed(() -> server.withKey("k").sign(ada()));
        assertThat(unknown).hasMessageContaining("may have run");
        manager.failure = "";

        server.withKey("k").sign(ada());
        assertThat(server.headers.get().get(KeyedServer.REPLAYED)).isNull();
        assertThat(server.book.names()).containsExactly("Ada");
    }

    @Test
    void transactionThatGivesWay_isAborted_andOneThatBreaksARule_isNot() {
        Failing manager = failing("40001", false);
        assertThat(failed(() -> server.withKey("k").sign(ada())))
                .hasMessageStartingWith("ABORTED: gave way to another transaction");
        manager.failure = "23505";
        assertThat(failed(() -> server.withKey("k").sign(ada()))).hasMessageStartingWith("INTERNAL: rolled back");
        manager.failure = "40003";
        assertThat(failed(() -> server.withKey("k").sign(ada()))).hasMessageContaining("may have run");
        assertThat(server.book.names()).isEmpty();
    }

    @Test
    void failureOfWhatFollowsTheCommit_doesNotTakeItBack() {
        server = new KeyedServer(url, "sa");
        server.book.then = (request, replies) -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    throw new IllegalStateException("the mail server is away");
                }
            });
            Book.respond(request, replies);
        };
        assertThat(server.withKey("k").sign(ada()).getName()).isEqualTo("Ada");
        server.withKey("k").sign(ada());
        assertThat(server.book.names()).containsExactly("Ada");
    }

    /** As JPA's. */
    @Test
    void managerWithoutSavepoints_keepsFinalErrors() {
        server = new KeyedServer(url, "sa", database -> {
            JdbcTransactionManager manager = new JdbcTransactionManager(database);
            manager.setNestedTransactionAllowed(false);
            return manager;
        });
        server.book.then = (request, replies) -> replies.onError(
                Status.FAILED_PRECONDITION.withDescription("closed").asRuntimeException());
        assertThat(failed(() -> server.withKey("k").sign(ada()))).hasMessage("FAILED_PRECONDITION: closed");
        server.book.then = Book::respond;
        assertThat(failed(() -> server.withKey("k").sign(ada()))).hasMessage("FAILED_PRECONDITION: closed");
        assertThat(server.book.names()).isEmpty();
        assertThat(server.keys()).isEqualTo(1);
    }

    @Test
    void methodThatCommitsByItself_isNotRunAgain() {
        server = new KeyedServer(url, "sa");
        server.book.then = (request, replies) -> {
            ConnectionCallback<Object> commit = connection -> {
                connection.commit();
                return "";
            };
            server.jdbc.execute(commit);
            throw new IllegalStateException("too late");
        };
        failed(() -> server.withKey("k").sign(ada()));
        server.book.then = Book::respond;
        StatusRuntimeException refused = failed(() -> server.withKey("k").sign(ada()));
        assertThat(refused).hasMessageStartingWith("INTERNAL: the first call with this key committed before");
        assertThat(server.book.names()).containsExactly("Ada");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void managerOfAnotherDatabase_isRefused(CapturedOutput log) {
        server = new KeyedServer(
                url,
                "sa",
                database -> new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:other", "sa", "")));
        assertThat(failed(() -> server.withKey("k").sign(ada())))
                .hasMessage("UNAVAILABLE: the call did not run: its idempotency key cannot be written, "
                        + "and the server's log says why");
        assertThat(log)
                .containsOnlyOnce("the application's transaction manager is not that of its DataSource: "
                        + "a key would be written without its effect");
        assertThat(server.book.names()).isEmpty();
    }
}
