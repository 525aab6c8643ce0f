package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two servers that race for keys, and H2 killed in the middle. */
@Tag("slow")
class H2RacesTest {
    private H2Database h2;
    private KeyedServer one;
    private KeyedServer two;

    @BeforeEach
    void start() {
        h2 = new H2Database();
        one = new KeyedServer(h2.url(), "sa");
        two = new KeyedServer(h2.url(), "sa");
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
        h2.close();
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
        int calls = 3_000;
        CompletableFuture<Integer> load = EffectsOnce.later(() -> {
            races.alternately(calls);
            return calls;
        });
        for (int kill = 1; kill <= 2; kill++) {
            int until = kill * calls / 4;
            Awaitility.await().atMost(120, TimeUnit.SECONDS).until(() -> races.done.get() >= until);
            h2.kill();
            h2.start();
        }
        load.get(240, TimeUnit.SECONDS);
        assertThat(races.errors).isNotEmpty().containsOnly(Status.Code.UNAVAILABLE);
    }
}
