package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import io.middleware.starter.idempotency.Idempotent;
import io.middleware.testsupport.PostgresServer;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.IntConsumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Prints what a key costs on a real PostgreSQL that waits for the disk: time of a call, and bytes in the table. */
class AddedTimeIT {
    private static final int WARM_UP = 1_000;
    private static final int CALLS = 1_000;

    /** Signs in a transaction, whether there is a key or not, and responds when it has ended. */
    @Idempotent
    private static final class Transactional extends Book {
        private final TransactionTemplate transaction;

        Transactional(DataSource database) {
            super(database);
            transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        }

        @Override
        public void sign(SignRequest request, StreamObserver<Signature> replies) {
            transaction.executeWithoutResult(_ -> write(request));
            respond(request, replies);
        }
    }

    @Test
    void timeAndSizeOfAKey() {
        try (PostgresServer postgres = PostgresServer.started();
                KeyedServer server = new KeyedServer(
                        postgres.url("postgres"), PostgresServer.USER, KeyedServer::plain, Transactional::new)) {
            IntConsumer without = _ -> server.unkeyed().sign(EffectsOnce.ada());
            IntConsumer with = _ -> server.withKey(UUID.randomUUID().toString()).sign(EffectsOnce.ada());
            IntConsumer again = call -> server.withKey("r" + call % 10).sign(EffectsOnce.ada());
            long[][] times = new long[3][CALLS];
            for (int call = -WARM_UP; call < CALLS; call++) {
                measure(without, call, times[0]);
                measure(with, call, times[1]);
                measure(again, call, times[2]);
            }
            server.jdbc.execute("checkpoint");
            long rows = server.keys();
            long bytes =
                    server.jdbc.queryForObject("select pg_total_relation_size('middleware_idempotency')", Long.class);
            System.out.printf(
                    Locale.ROOT,
                    "a call in a transaction on PostgreSQL: %s; with a key: %s; added at p50: %.2f ms; replayed: %s; %d bytes a key%n",
                    percentiles(times[0]),
                    percentiles(times[1]),
                    (percentile(times[1], 50) - percentile(times[0], 50)) / 1e6,
                    percentiles(times[2]),
                    bytes / rows);
            assertThat(rows).isEqualTo(WARM_UP + CALLS + 10);
        }
    }

    private static void measure(IntConsumer call, int number, long[] times) {
        long begun = System.nanoTime();
        call.accept(Math.abs(number));
        if (number >= 0) {
            times[number] = System.nanoTime() - begun;
        }
    }

    private static String percentiles(long[] times) {
        return String.format(
                Locale.ROOT, "p50 %.2f ms, p99 %.2f ms", percentile(times, 50) / 1e6, percentile(times, 99) / 1e6);
    }

    private static double percentile(long[] times, int percent) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length * percent / 100];
    }
}
