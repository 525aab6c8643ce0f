package io.middleware.starter.idempotency.jdbc;

import static io.middleware.starter.idempotency.jdbc.EffectsOnce.ada;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.Signature;
import io.middleware.testsupport.MariaDbServer;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The same with MariaDB, and what only MariaDB has. */
@EnabledIf(value = "io.middleware.testsupport.MariaDbServer#isInstalled", disabledReason = MariaDbServer.MISSING)
class MariaDbRacesIT extends DatabaseRaces {
    private MariaDbServer mariaDb;

    @Override
    void startDatabase() {
        mariaDb = MariaDbServer.started();
        new JdbcTemplate(new DriverManagerDataSource(mariaDb.url(""), MariaDbServer.USER, ""))
                .execute("create database book");
    }

    @Override
    void killDatabase() {
        mariaDb.kill();
        mariaDb.start();
    }

    @Override
    void endDatabase() {
        mariaDb.close();
    }

    @Override
    KeyedServer server() {
        return with("");
    }

    /** {@code variables}: of the sessions. */
    private KeyedServer with(String variables) {
        return new KeyedServer(mariaDb.url("book") + "?sessionVariables=" + variables, MariaDbServer.USER);
    }

    /** As when the server dies: the database notices that the connection is gone. */
    @Test
    void brokenConnectionOfTheFirst_letsTheOneThatWaitsRun() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Status> first = runningUntil(goOn);
        CompletableFuture<Signature> second =
                EffectsOnce.later(() -> two.withKey("k").sign(ada()));
        Awaitility.await().until(() -> transactions("LOCK WAIT").size() == 1);

        transactions("RUNNING").forEach(id -> one.jdbc.execute("kill " + id));

        assertThat(second.get(10, TimeUnit.SECONDS).getName()).isEqualTo("Ada");
        goOn.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(two.book.names()).containsExactly("Ada");
    }

    private List<Long> transactions(String state) {
        return one.jdbc.queryForList(
                "select trx_mysql_thread_id from information_schema.innodb_trx where trx_state = ?"
                        + " and trx_mysql_thread_id <> connection_id()",
                Long.class,
                state);
    }

    /** As when the server is frozen in the middle of a call, where its sessions have such a limit. */
    @Test
    void firstThatStands_losesItsKeyAfterAWhile() throws Exception {
        one.close();
        one = with("idle_write_transaction_timeout=2");
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Status> first = runningUntil(goOn);

        assertThat(two.withKey("k").sign(ada()).getName()).isEqualTo("Ada");

        goOn.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(two.book.names()).containsExactly("Ada");
    }

    @Test
    void limitsOfTheTransaction_areThoseOfTheApplication() {
        String limits = "select concat(@@innodb_lock_wait_timeout, ' ', @@max_statement_time)";
        List<String> seen = new CopyOnWriteArrayList<>();
        try (KeyedServer own = with("innodb_lock_wait_timeout=7,max_statement_time=12.5")) {
            own.book.then = (request, replies) -> {
                seen.add(own.jdbc.queryForObject(limits, String.class));
                Book.respond(request, replies);
            };
            own.withKey("k").sign(ada());
            seen.add(own.jdbc.queryForObject(limits, String.class));
        }
        assertThat(seen).containsExactly("7 12.500000", "7 12.500000");
    }

    /** One whose statements do not wait at all would ask again and again. */
    @Test
    void waitForAnotherCall_isNotThatOfTheSession() throws Exception {
        two.close();
        two = with("innodb_lock_wait_timeout=0");
        CountDownLatch goOn = new CountDownLatch(1);
        runningUntil(goOn);
        int before = inserts();
        CompletableFuture<Signature> second =
                EffectsOnce.later(() -> two.withKey("k").sign(ada()));
        Thread.sleep(2_500);
        assertThat(second).isNotDone();
        assertThat(inserts() - before).isBetween(1, 3);

        goOn.countDown();

        assertThat(second.get(10, TimeUnit.SECONDS).getName()).isEqualTo("Ada");
        assertThat(two.book.names()).containsExactly("Ada");
    }

    private int inserts() {
        return one.jdbc.queryForObject(
                "select variable_value from information_schema.global_status where variable_name = 'COM_INSERT'",
                Integer.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tx_isolation='SERIALIZABLE'",
                "tx_isolation='READ-COMMITTED'",
                "tx_isolation='READ-UNCOMMITTED'",
                "innodb_snapshot_isolation=ON"
            })
    void isolationOfTheSession_changesNothing(String isolation) throws Exception {
        try (KeyedServer three = with(isolation);
                KeyedServer four = with(isolation)) {
            new Races(three, four).bothAtOnce(500);
        }
    }

    @Test
    void sizeOfTheTable_isTold() {
        one.withKey("k").sign(ada());
        assertThat(one.table.bytes()).isPositive();
    }

    /** Half past two, which New York does not have on that day: a driver that took the database's time for its own would move it. */
    @Test
    void ageOfAKey_isNotThatOfTheServersSummerTime() {
        long gap = Instant.parse("2026-03-08T02:30:00Z").getEpochSecond();
        TimeZone usual = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        try (KeyedServer three = with("timestamp=" + gap);
                KeyedServer four = with("timestamp=" + (gap + 3_600))) {
            three.withKey("k").sign(ada());
            four.withKey("k").sign(ada());
            assertThat(four.headers
                            .get()
                            .get(Metadata.Key.of("idempotency-expires-in", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo(Long.toString(23 * 3_600));
        } finally {
            TimeZone.setDefault(usual);
        }
    }

    /** Then InnoDB has rolled back all of the transaction, the key included, and what follows would be written without it. */
    @Test
    void deadlockThatTheMethodCatches_isNoSuccess() throws Exception {
        one.jdbc.execute("create table stock (id int primary key, amount int)");
        one.jdbc.execute("insert into stock values (1, 1), (2, 1)");
        CountDownLatch bothHold = new CountDownLatch(2);
        List<Integer> caught = new CopyOnWriteArrayList<>();
        for (KeyedServer each : List.of(one, two)) {
            int mine = each == one ? 1 : 2;
            each.book.then = (request, replies) -> {
                each.jdbc.update("update stock set amount = 2 where id = ?", mine);
                bothHold.countDown();
                EffectsOnce.awaitLatch(bothHold);
                try {
                    each.jdbc.update("update stock set amount = 2 where id = ?", 3 - mine);
                } catch (RuntimeException deadlock) {
                    caught.add(mine);
                    each.jdbc.update("insert into signature values ('stray', '')");
                }
                Book.respond(request, replies);
            };
        }
        CompletableFuture<Status> first = EffectsOnce.later(() -> end(one, "k"));
        CompletableFuture<Status> second = EffectsOnce.later(() -> end(two, "l"));

        assertThat(List.of(first.get(10, TimeUnit.SECONDS), second.get(10, TimeUnit.SECONDS)))
                .extracting(Status::getCode)
                .containsExactlyInAnyOrder(Status.Code.OK, Status.Code.INTERNAL);
        assertThat(caught).hasSize(1);
        assertThat(one.book.names()).containsExactly("Ada");
        assertThat(one.keys()).isEqualTo(1);
    }

    private static Status end(KeyedServer server, String key) {
        try {
            server.withKey(key).sign(ada());
            return Status.OK;
        } catch (StatusRuntimeException failed) {
            return failed.getStatus();
        }
    }
}
