package io.middleware.starter.idempotency.jdbc;

import static io.middleware.starter.idempotency.jdbc.EffectsOnce.ada;
import static io.middleware.starter.idempotency.jdbc.EffectsOnce.awaitLatch;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.middleware.hello.v1.Signature;
import io.middleware.testsupport.PostgresServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The same with PostgreSQL, and what only PostgreSQL has. */
class PostgreSqlRacesIT extends DatabaseRaces {
    private PostgresServer postgres;

    @Override
    void startDatabase() {
        postgres = PostgresServer.started();
    }

    @Override
    void killDatabase() {
        postgres.kill();
        postgres.start();
    }

    @Override
    void endDatabase() {
        postgres.close();
    }

    @Override
    KeyedServer server() {
        return server("");
    }

    private KeyedServer server(String options) {
        return new KeyedServer(postgres.url("postgres") + options, PostgresServer.USER);
    }

    /** As when the server dies: the database notices that the connection is gone. */
    @Test
    void brokenConnectionOfTheFirst_letsTheOneThatWaitsRun() throws Exception {
        one.close();
        one = server("?options=-c%20idle_in_transaction_session_timeout=60s");
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Status> first = runningUntil(goOn);
        CompletableFuture<Signature> second =
                EffectsOnce.later(() -> two.withKey("k").sign(ada()));
        Awaitility.await()
                .until(() -> one.jdbc
                                .queryForList(
                                        "select pid from pg_stat_activity where wait_event_type = 'Lock'",
                                        Integer.class)
                                .size()
                        == 1);

        one.jdbc.queryForList(
                "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'");

        assertThat(second.get(10, TimeUnit.SECONDS).getName()).isEqualTo("Ada");
        goOn.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(two.book.names()).containsExactly("Ada");
    }

    /** As when the server is frozen in the middle of a call. */
    @Test
    void firstThatStands_losesItsKeyAfterAWhile() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Status> first = runningUntil(goOn);

        assertThat(two.withKey("k").sign(ada()).getName()).isEqualTo("Ada");

        goOn.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(two.book.names()).containsExactly("Ada");
    }

    @Test
    void limitsOfTheTransaction_areThoseOfTheApplication() {
        List<String> limits = new CopyOnWriteArrayList<>();
        try (KeyedServer own =
                server("?options=-c%20lock_timeout=1234ms%20-c%20idle_in_transaction_session_timeout=5678ms")) {
            own.book.then = (request, replies) -> {
                limits.add(own.jdbc.queryForObject("show lock_timeout", String.class));
                limits.add(own.jdbc.queryForObject("show idle_in_transaction_session_timeout", String.class));
                Book.respond(request, replies);
            };
            own.withKey("k").sign(ada());
            limits.add(own.jdbc.queryForObject("show lock_timeout", String.class));
        }
        assertThat(limits).containsExactly("1234ms", "5678ms", "1234ms");
    }

    @Test
    void serializableTransactions_replayToo() throws Exception {
        String serializable = "?options=-c%20default_transaction_isolation=serializable";
        try (KeyedServer three = server(serializable);
                KeyedServer four = server(serializable)) {
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            three.book.then = (request, replies) -> {
                running.countDown();
                awaitLatch(goOn);
                Book.respond(request, replies);
            };
            CompletableFuture<Signature> first =
                    EffectsOnce.later(() -> three.withKey("k").sign(ada()));
            assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Signature> second =
                    EffectsOnce.later(() -> four.withKey("k").sign(ada()));
            goOn.countDown();
            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
            assertThat(three.book.names()).containsExactly("Ada");
        }
    }
}
