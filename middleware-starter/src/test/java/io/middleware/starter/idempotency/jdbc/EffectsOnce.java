package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** What holds for every database: two servers with one database, and real callers. */
abstract class EffectsOnce {
    private static final Metadata.Key<String> REASON = Metadata.Key.of("reason", Metadata.ASCII_STRING_MARSHALLER);

    KeyedServer one;
    KeyedServer two;

    /** Starts a server with a new database. */
    abstract KeyedServer first();

    /** Starts another server with the same. */
    abstract KeyedServer another();

    @BeforeEach
    void start() {
        one = first();
        two = another();
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
    }

    @Test
    void repeat_getsTheFirstResponse_hereAndAtAnotherServer() {
        Signature first = one.withKey("k").sign(ada());
        assertThat(one.headers.get().get(KeyedServer.REPLAYED)).isNull();

        assertThat(one.withKey("k").sign(ada())).isEqualTo(first);
        assertThat(two.withKey("k").sign(ada())).isEqualTo(first);

        assertThat(two.headers.get().get(KeyedServer.REPLAYED)).isEqualTo("true");
        assertThat(Long.parseLong(two.headers
                        .get()
                        .get(Metadata.Key.of("idempotency-expires-in", Metadata.ASCII_STRING_MARSHALLER))))
                .isBetween(86_000L, 86_400L);
        assertThat(one.book.names()).containsExactly("Ada");
        assertThat(two.seen).as("interceptors see repeats").hasValue(1);
    }

    @Test
    void quotedKey_isTheSameKey() {
        Signature first = one.withKey("\"k\"").sign(ada());
        assertThat(one.withKey("k").sign(ada())).isEqualTo(first);
    }

    @Test
    void callWithoutKey_runsEachTime() {
        one.unkeyed().sign(ada());
        one.unkeyed().sign(ada());
        assertThat(one.book.names()).containsExactly("Ada", "Ada");
        assertThat(one.keys()).isZero();
    }

    @Test
    void methodThatChangesNothing_isLeftAlone() {
        one.withKey("k").list(ListRequest.getDefaultInstance());
        assertThat(one.keys()).isZero();
    }

    @Test
    void otherKey_orOtherCaller_isAnotherCall() {
        one.withKey("k").sign(ada());
        one.withKey("l").sign(ada());
        one.withKey("k", "key:shop").sign(ada());
        assertThat(one.book.names()).hasSize(3);
    }

    @Test
    void sameKeyWithAnotherRequest_isRefused() {
        one.withKey("k").sign(ada());
        StatusRuntimeException refused = failed(() ->
                two.withKey("k").sign(SignRequest.newBuilder().setName("Bob").build()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused).hasMessageContaining("was used for another request");
        assertThat(one.book.names()).containsExactly("Ada");
    }

    @Test
    void keyThatIsNone_isRefused() {
        for (String key : new String[] {"", "\"\"", " ", "a b", "k".repeat(256)}) {
            StatusRuntimeException refused = failed(() -> one.withKey(key).sign(ada()));
            assertThat(refused.getStatus().getCode()).as(key).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        assertThat(one.withKey("k".repeat(255)).sign(ada()).getName()).isEqualTo("Ada");
        assertThat(one.book.names()).containsExactly("Ada");
    }

    @Test
    void error_leavesNothing_andARepeatRunsAgain() {
        one.book.then = (request, replies) -> {
            throw Status.UNAVAILABLE.withDescription("not now").asRuntimeException();
        };
        assertThat(failed(() -> one.withKey("k").sign(ada())).getStatus().getCode())
                .isEqualTo(Status.Code.UNKNOWN); // no handler of exceptions here: gRPC's own status
        one.book.then = (request, replies) ->
                replies.onError(Status.UNAVAILABLE.withDescription("not now").asRuntimeException());
        assertThat(failed(() -> one.withKey("k").sign(ada()))).hasMessage("UNAVAILABLE: not now");
        assertThat(one.book.names()).isEmpty();
        assertThat(one.keys()).isZero();

        one.book.then = Book::respond;
        one.withKey("k").sign(ada());
        assertThat(one.book.names()).containsExactly("Ada");
    }

    @Test
    void finalError_isKept_butNotWhatWasWritten() {
        Metadata trailers = new Metadata();
        trailers.put(REASON, "closed");
        for (Book.Then end : new Book.Then[] {
            (request, replies) -> replies.onError(
                    Status.FAILED_PRECONDITION.withDescription("closed: 1").asRuntimeException(trailers)),
            (request, replies) -> {
                throw Status.FAILED_PRECONDITION.withDescription("closed: 2").asRuntimeException(trailers);
            }
        }) {
            one.book.then = end;
            String key = "k" + end.hashCode();
            String first = failed(() -> one.withKey(key).sign(ada())).getMessage();
            one.book.then = Book::respond;
            StatusRuntimeException again = failed(() -> two.withKey(key).sign(ada()));

            assertThat(again).hasMessage(first).hasMessageStartingWith("FAILED_PRECONDITION: closed");
            assertThat(again.getTrailers().get(REASON)).isEqualTo("closed");
            assertThat(again.getTrailers().get(KeyedServer.REPLAYED)).isEqualTo("true");
        }
        assertThat(one.book.names()).isEmpty();
        assertThat(one.keys()).isEqualTo(2);
    }

    @Test
    void callAtTheSameTime_waitsForTheFirst_andGetsItsResponse() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        one.book.then = (request, replies) -> {
            running.countDown();
            awaitLatch(goOn);
            Book.respond(request, replies);
        };
        CompletableFuture<Signature> first = later(() -> one.withKey("k").sign(ada()));
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Signature> second = later(() -> two.withKey("k").sign(ada()));
        await().during(Duration.ofMillis(300)).until(() -> !second.isDone());

        goOn.countDown();

        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
        assertThat(one.book.names()).containsExactly("Ada");
        assertThat(two.headers.get().get(KeyedServer.REPLAYED)).isEqualTo("true");
    }

    @Test
    void callAtTheSameTime_runsItself_ifTheFirstFails() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        one.book.then = (request, replies) -> {
            running.countDown();
            awaitLatch(goOn);
            replies.onError(Status.INTERNAL.asRuntimeException());
        };
        CompletableFuture<Status> first =
                later(() -> failed(() -> one.withKey("k").sign(ada())).getStatus());
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Signature> second = later(() -> two.withKey("k").sign(ada()));

        goOn.countDown();

        assertThat(first.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(second.get(10, TimeUnit.SECONDS).getName()).isEqualTo("Ada");
        assertThat(one.book.names()).containsExactly("Ada");
    }

    /** All wait in the database. Where one lets go, a database may have the others stand in each other's way. */
    @Test
    void callsAtSeveralServers_oneRuns_ifTheFirstFails() throws Exception {
        try (KeyedServer three = another();
                KeyedServer four = another()) {
            for (int round = 0; round < 10; round++) {
                String key = "k" + round;
                CountDownLatch running = new CountDownLatch(1);
                CountDownLatch goOn = new CountDownLatch(1);
                one.book.then = (request, replies) -> {
                    running.countDown();
                    awaitLatch(goOn);
                    replies.onError(Status.INTERNAL.asRuntimeException());
                };
                CompletableFuture<Status> first = later(
                        () -> failed(() -> one.withKey(key).sign(named(key))).getStatus());
                assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
                List<CompletableFuture<Signature>> others = new ArrayList<>();
                for (KeyedServer server : List.of(two, three, four)) {
                    others.add(later(() -> server.withKey(key).sign(named(key))));
                    await().until(() -> server.connectionsInUse() == 1);
                }

                goOn.countDown();

                assertThat(first.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INTERNAL);
                Signature response = others.getFirst().get(10, TimeUnit.SECONDS);
                for (CompletableFuture<Signature> other : others) {
                    assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(response);
                }
                assertThat(one.book.signed(key)).isEqualTo(1);
            }
        }
    }

    /** Some databases have binary columns of 64 KB only, and cut what is longer. */
    @Test
    void largeResponse_isReplayedWhole() {
        String large = "x".repeat(1_000_000);
        one.book.then = (request, replies) -> {
            replies.onNext(Signature.newBuilder().setCallId(large).build());
            replies.onCompleted();
        };
        one.withKey("k").sign(ada());
        assertThat(two.withKey("k").sign(ada()).getCallId()).isEqualTo(large);
    }

    @Test
    void callThatWaitsInVain_isAbortedWithinItsDeadline() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Book.Then runs = untilThen("Ada", goOn, one);
        one.book.then = (request, replies) -> {
            running.countDown();
            runs.run(request, replies);
        };
        CompletableFuture<Signature> first = later(() -> one.withKey("k").sign(ada()));
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        StatusRuntimeException late = failed(
                () -> two.withKey("k").withDeadlineAfter(2, TimeUnit.SECONDS).sign(ada()));

        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(late).hasMessageContaining("still runs");
        goOn.countDown();
        first.get(10, TimeUnit.SECONDS);
        assertThat(one.book.names()).containsExactly("Ada");
    }

    @Test
    void callerThatLeaves_doesNotUndoTheCall() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        one.book.then = (request, replies) -> {
            running.countDown();
            awaitLatch(goOn);
            Book.respond(request, replies);
        };
        CompletableFuture<Status> gone = later(() -> failed(() -> one.withKey("k")
                        .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                        .sign(ada()))
                .getStatus());
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(gone.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        goOn.countDown();

        assertThat(two.withKey("k").sign(ada()).getName()).isEqualTo("Ada");
        assertThat(one.book.names()).containsExactly("Ada");
    }

    @Test
    void methodThatRespondsLater_isRolledBack_andSaysSo() {
        one.book.then = (request, replies) -> {};
        StatusRuntimeException refused = failed(() -> one.withKey("k").sign(ada()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(refused).hasMessageContaining("returned before it had responded");
        assertThat(one.book.names()).isEmpty();
        assertThat(one.keys()).isZero();
    }

    @Test
    void transactionMarkedForRollback_isNoSuccess() {
        one.book.then = (request, replies) -> {
            Book.respond(request, replies);
            // as an inner @Transactional method does whose exception is caught
            TransactionTemplate inner = new TransactionTemplate(new JdbcTransactionManager(one.database));
            inner.executeWithoutResult(TransactionStatus::setRollbackOnly);
        };
        StatusRuntimeException refused = failed(() -> one.withKey("k").sign(ada()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(refused).hasMessageContaining("marked its transaction for rollback");
        assertThat(one.book.names()).isEmpty();
        assertThat(one.keys()).isZero();
    }

    @Test
    void expiredKey_countsAsAbsent_beforeItIsSwept_andAfter() {
        one.withKey("k").sign(ada());
        one.withKey("l").sign(ada());
        age(25);
        one.withKey("k").sign(ada());
        assertThat(one.book.signed("Ada")).isEqualTo(3);
        assertThat(one.keys()).isEqualTo(2);

        assertThat(two.sweeper.sweep()).isEqualTo(1);
        assertThat(one.keys()).isEqualTo(1);
        assertThat(two.sweeper.sweep()).isZero();
    }

    @Test
    void repeatsOfALongCall_leaveTheConnectionsToOtherCalls() throws Exception {
        int repeats = 50;
        CountDownLatch goOn = new CountDownLatch(1);
        one.book.then = untilThen("Ada", goOn, one);
        List<CompletableFuture<Signature>> all = new ArrayList<>();
        for (int i = 0; i < repeats; i++) {
            all.add(later(() -> one.withKey("k").sign(ada())));
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> one.seen.get() == repeats);

        for (int i = 0; i < 20; i++) {
            String name = "n" + i;
            one.withKey(name).withDeadlineAfter(3, TimeUnit.SECONDS).sign(named(name));
        }
        assertThat(one.database.getHikariPoolMXBean().getActiveConnections()).isLessThanOrEqualTo(2);

        goOn.countDown();
        Signature first = all.getFirst().get(20, TimeUnit.SECONDS);
        for (CompletableFuture<Signature> repeat : all) {
            assertThat(repeat.get(20, TimeUnit.SECONDS)).isEqualTo(first);
        }
        assertThat(one.book.signed("Ada")).isEqualTo(1);
        assertThat(one.book.names()).hasSize(21);
    }

    @Test
    void repeatsAtAnotherServer_leaveItConnectionsForOtherCalls() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        one.book.then = untilThen("Ada", goOn, one);
        List<CompletableFuture<Signature>> all = new ArrayList<>();
        // each takes a connection where it runs, as long as it runs
        int running = KeyedServer.CONNECTIONS;
        for (int i = 0; i < running; i++) {
            String key = "k" + i;
            all.add(later(() -> one.withKey(key).sign(ada())));
        }
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> one.database.getHikariPoolMXBean().getActiveConnections() == running);
        for (int i = 0; i < 3 * running; i++) {
            String key = "k" + i % running;
            all.add(later(() -> two.withKey(key).sign(ada())));
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> two.seen.get() == 3 * running);

        for (int i = 0; i < 20; i++) {
            String name = "n" + i;
            two.withKey(name).withDeadlineAfter(3, TimeUnit.SECONDS).sign(named(name));
        }

        goOn.countDown();
        for (CompletableFuture<Signature> each : all) {
            each.get(20, TimeUnit.SECONDS);
        }
        assertThat(one.book.signed("Ada")).isEqualTo(running);
        assertThat(one.book.names()).hasSize(running + 20);
    }

    /** Keeps calls of this name running, without leaving their transactions idle for long. */
    static Book.Then untilThen(String name, CountDownLatch goOn, KeyedServer server) {
        return (request, replies) -> {
            if (request.getName().equals(name)) {
                work(goOn, server);
            }
            Book.respond(request, replies);
        };
    }

    /** Has the transaction of this thread do something now and then. */
    static void work(CountDownLatch goOn, KeyedServer server) {
        while (goOn.getCount() > 0) {
            server.jdbc.queryForObject("select 1", Integer.class);
            try {
                goOn.await(100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
                break;
            }
        }
    }

    @Test
    void callThatWaits_isInterrupted() throws Exception {
        new Interrupted(one, two, this::another).waitingForAnotherServer();
    }

    @Test
    void callThatWaits_isInterrupted_onAThreadOfThePlatform() throws Exception {
        new Interrupted(one, two, this::another).waitingForAnotherServer_onAThreadOfThePlatform();
    }

    @Test
    void callThatRuns_isInterrupted_andThoseThatWaitForIt() throws Exception {
        new Interrupted(one, two, this::another).allOfOneServer();
    }

    /** Of the database, as it decides; those of servers decide nothing. */
    @Test
    void clockThatIsMoved_expiresKeysByThatMuch_andNoneTooEarly() {
        Signature first = one.withKey("k").sign(ada());
        for (int hours : new int[] {-1, -24, 25, 23}) { // back by an hour and a day, there again, nearly expired
            age(hours);
            assertThat(two.sweeper.sweep()).isZero();
            assertThat(two.withKey("k").sign(ada())).isEqualTo(first);
            assertThat(two.headers.get().get(KeyedServer.REPLAYED)).isEqualTo("true");
        }
        age(2);
        assertThat(two.sweeper.sweep()).isEqualTo(1);
        one.withKey("k").sign(ada());
        assertThat(one.book.names()).hasSize(2);
    }

    @Test
    void zonesOfServers_doNotMatterForTheExpiry() {
        TimeZone usual = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            try (KeyedServer east = another()) {
                east.withKey("k").sign(ada());
                east.withKey("l").sign(ada());
            }
            // 26 hours apart: more than keys are kept
            TimeZone.setDefault(TimeZone.getTimeZone("Etc/GMT+12"));
            try (KeyedServer west = another()) {
                assertThat(west.sweeper.sweep()).isZero();
                west.withKey("k").sign(ada());
                assertThat(west.headers.get().get(KeyedServer.REPLAYED)).isEqualTo("true");
                age(25);
                west.withKey("k").sign(ada());
                assertThat(west.headers.get().get(KeyedServer.REPLAYED)).isNull();
                assertThat(west.sweeper.sweep()).isEqualTo(1);
            }
        } finally {
            TimeZone.setDefault(usual);
        }
        assertThat(one.book.signed("Ada")).isEqualTo(3);
    }

    static SignRequest named(String name) {
        return SignRequest.newBuilder().setName(name).build();
    }

    /** Makes all keys older, by the database's clock. */
    abstract void age(int hours);

    static SignRequest ada() {
        return SignRequest.newBuilder().setName("Ada").setMessage("Hello").build();
    }

    static StatusRuntimeException failed(ThrowingCallable call) {
        StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(thrown).as("an error").isNotNull();
        return thrown;
    }

    /** Runs it on a thread of its own: a pool may have one thread alone, which the first call holds. */
    static <T> CompletableFuture<T> later(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable failed) {
                result.completeExceptionally(failed);
            }
        });
        return result;
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
