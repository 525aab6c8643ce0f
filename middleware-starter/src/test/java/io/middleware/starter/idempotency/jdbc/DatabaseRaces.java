package io.middleware.starter.idempotency.jdbc;

import static io.middleware.starter.idempotency.jdbc.EffectsOnce.ada;
import static io.middleware.starter.idempotency.jdbc.EffectsOnce.awaitLatch;
import static io.middleware.starter.idempotency.jdbc.EffectsOnce.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers that race for keys, and their database killed in the middle: whatever the database. */
abstract class DatabaseRaces {
    private static final int KILLS = 3;

    KeyedServer one;
    KeyedServer two;

    /** Starts a new database. */
    abstract void startDatabase();

    /** Kills it, and starts it again with its data. */
    abstract void killDatabase();

    abstract void endDatabase();

    /** Starts a server that has the database. */
    abstract KeyedServer server();

    @BeforeEach
    void start() {
        startDatabase();
        one = server();
        two = server();
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
        endDatabase();
    }

    @Test
    void tenThousandRacesForOneKey_runOnceEach() throws Exception {
        Races races = new Races(one, two);
        races.bothAtOnce(10_000);
        assertThat(races.errors).as("only those of the method").containsOnly(Status.Code.UNAVAILABLE);
    }

    @Test
    void databaseKilledInTheMiddle_losesNothing_andNothingRunsTwice() throws Exception {
        Races races = new Races(one, two);
        int calls = 4_000;
        CompletableFuture<Integer> load = EffectsOnce.later(() -> {
            races.alternately(calls);
            return calls;
        });
        for (int kill = 1; kill <= KILLS; kill++) {
            int until = kill * calls / (KILLS + 2);
            Awaitility.await().atMost(120, TimeUnit.SECONDS).until(() -> races.done.get() >= until);
            killDatabase();
        }
        load.get(240, TimeUnit.SECONDS);
        assertThat(races.errors).isNotEmpty().containsOnly(Status.Code.UNAVAILABLE);
    }

    /** Has {@link #one} run a call with the key {@code k} until it may go on, and returns how that ends with an error. */
    CompletableFuture<Status> runningUntil(CountDownLatch goOn) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        one.book.then = (request, replies) -> {
            running.countDown();
            awaitLatch(goOn);
            Book.respond(request, replies);
        };
        CompletableFuture<Status> first = EffectsOnce.later(
                () -> failed(() -> one.withKey("k").sign(ada())).getStatus());
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        return first;
    }
}
