package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.IdempotencyMeters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes expired keys in small transactions. All servers do so, each at its own time; what one has deleted the others
 * do not find.
 */
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 500;

    private final KeyTable table;
    private final TableSetup setup;
    private final TransactionTemplate transaction;
    private final Duration keep;
    private final IdempotencyMeters meters;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("idempotency-sweep").factory());

    Sweeper(
            KeyTable table,
            TableSetup setup,
            TransactionTemplate transaction,
            Duration keep,
            IdempotencyMeters meters) {
        this.table = table;
        this.setup = setup;
        this.transaction = transaction;
        this.keep = keep;
        this.meters = meters;
    }

    void start(Duration every) {
        long period = every.toMillis();
        schedule.scheduleWithFixedDelay(
                this::sweepOrTry, ThreadLocalRandom.current().nextLong(period), period, TimeUnit.MILLISECONDS);
    }

    private void sweepOrTry() {
        try {
            sweep();
        } catch (RuntimeException failed) {
            LOG.warn("expired idempotency keys stay until the next sweep: {}", SqlErrors.text(failed));
        }
    }

    /** Deletes all expired keys, and measures the table. Returns how many it deleted. */
    long sweep() {
        setup.ensure();
        long deleted = 0;
        int found;
        do {
            found = transaction.execute(_ -> batch());
            deleted += found;
        } while (found == BATCH);
        transaction.executeWithoutResult(_ -> meters.onTableSize(table.rows(), table.bytes()));
        if (deleted > 0) {
            LOG.debug("{} expired idempotency keys deleted", deleted);
        }
        return deleted;
    }

    private int batch() {
        Instant limit = table.before(keep);
        List<byte[]> ids = table.older(limit, BATCH);
        if (!ids.isEmpty()) {
            table.delete(ids, limit);
        }
        return ids.size();
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }
}
