package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.CallKey;
import io.middleware.starter.idempotency.Effect;
import io.middleware.starter.idempotency.EffectLedger;
import io.middleware.starter.outage.OutageLog;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Runs each effect in one transaction with its key. The key is inserted first: of several calls, on whatever servers,
 * one has the row, and the others wait for the end of its transaction: those of this server in {@link KeyQueue}, one of
 * each other server in the database. If its server dies, the database rolls it back, and the next inserts the key.
 */
final class JdbcLedger implements EffectLedger {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcLedger.class);

    private final TableSetup setup;
    private final Execution execution;
    private final KeyClaims claims;
    private final KeyQueue queue = new KeyQueue();

    /** {@code connections}: of the pool, of which calls that wait take half at most. */
    JdbcLedger(PlatformTransactionManager manager, TableSetup setup, KeyTable table, Duration keep, int connections) {
        OutageLog outage = new OutageLog(LOG::warn, LOG::info, System::nanoTime);
        this.setup = setup;
        this.execution = new Execution(manager, table, keep, outage);
        this.claims = new KeyClaims(manager, setup, table, keep, execution, new DatabaseWaits(connections), outage);
    }

    @Override
    public boolean isShared() {
        return setup.isShared();
    }

    @Override
    public Result runOnce(CallKey key, Duration wait, boolean finalErrors, Effect effect) {
        long begun = System.nanoTime();
        try (KeyQueue.Turn turn = queue.enter(key, wait)) {
            return turn == null
                    ? KeyClaims.busy()
                    : run(key, wait.minusNanos(System.nanoTime() - begun), finalErrors, effect);
        }
    }

    private Result run(CallKey key, Duration wait, boolean finalErrors, Effect effect) {
        KeyClaims.Claimed claimed = claims.claim(key, wait);
        if (claimed.transaction() == null) {
            return claimed.result();
        }
        Execution.Outcome outcome = execution.run(claimed.transaction(), key, effect, finalErrors);
        if (outcome.result() != null) {
            return outcome.result();
        }
        // another call with the key may have come first meanwhile: then its response is that of this one, too
        KeyClaims.Claimed again = claims.claim(key, wait);
        return again.transaction() == null
                ? again.result()
                : execution.store(again.transaction(), key, outcome.error());
    }
}
