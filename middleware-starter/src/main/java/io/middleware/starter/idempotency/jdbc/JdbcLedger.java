package io.middleware.starter.idempotency.jdbc;

import io.grpc.Status;
import io.middleware.starter.idempotency.CallKey;
import io.middleware.starter.idempotency.Effect;
import io.middleware.starter.idempotency.EffectLedger;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs each effect in one transaction with its key. The key is inserted first: of several calls, on whatever servers,
 * one has the row, and the others wait for the end of its transaction, in the database. If its server dies, the
 * database rolls it back, and the next inserts the key.
 */
final class JdbcLedger implements EffectLedger {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcLedger.class);

    /** A key may vanish between two statements, as its call was rolled back or it expired. More often is no chance. */
    private static final int MAX_ROUNDS = 20;
    /** A pool may hand out a connection that broke a moment ago. */
    private static final int MAX_BROKEN_CONNECTIONS = 2;

    private static final TransactionDefinition OWN =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

    private final PlatformTransactionManager manager;
    private final TransactionTemplate reading;
    private final TableSetup setup;
    private final KeyTable table;
    private final Duration keep;
    private final Execution execution;
    private final OutageLog outage = new OutageLog(text -> LOG.warn("{}", text), System::nanoTime);

    JdbcLedger(PlatformTransactionManager manager, TableSetup setup, KeyTable table, Duration keep) {
        this.manager = manager;
        this.reading = new TransactionTemplate(manager, OWN);
        this.setup = setup;
        this.table = table;
        this.keep = keep;
        this.execution = new Execution(manager, table, keep, outage);
    }

    @Override
    public boolean isShared() {
        return setup.isShared();
    }

    @Override
    public Result runOnce(CallKey key, Duration wait, boolean finalErrors, Effect effect) {
        Claimed claimed = claim(key, wait);
        if (claimed.transaction == null) {
            return claimed.result();
        }
        Execution.Outcome outcome = execution.run(claimed.transaction, key, effect, finalErrors);
        if (outcome.result() != null) {
            return outcome.result();
        }
        // another call with the key may have come first meanwhile: then its response is that of this one, too
        Claimed again = claim(key, wait);
        return again.transaction == null ? again.result() : execution.store(again.transaction, key, outcome.error());
    }

    /** The transaction that has inserted a key, or what became of the call. */
    private record Claimed(
            @Nullable TransactionStatus transaction,
            @Nullable Result instead) {
        Result result() {
            return Objects.requireNonNull(instead, "claimed");
        }
    }

    private Claimed claim(CallKey key, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        int broken = 0;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            TransactionStatus transaction;
            try {
                setup.ensure();
                transaction = manager.getTransaction(OWN);
            } catch (RuntimeException away) {
                return new Claimed(null, unavailable(key, away));
            }
            try {
                SqlDialect.Claim claim = table.claim(key, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
                if (claim == SqlDialect.Claim.CLAIMED) {
                    return new Claimed(transaction, null);
                }
                execution.rollBack(transaction);
                Optional<Result> instead =
                        claim == SqlDialect.Claim.BUSY ? Optional.of(busy()) : reading.execute(_ -> earlier(key));
                if (instead.isPresent()) {
                    return new Claimed(null, instead.get());
                }
            } catch (RuntimeException failed) {
                execution.rollBack(transaction);
                if (!SqlErrors.isConnectionLost(failed) || ++broken > MAX_BROKEN_CONNECTIONS) {
                    return new Claimed(null, unavailable(key, failed));
                }
            }
        }
        return new Claimed(null, busy());
    }

    private Optional<Result> earlier(CallKey key) {
        return table.read(key).flatMap(row -> {
            if (row.age().compareTo(keep) > 0) {
                table.deleteOlder(key, keep);
                return Optional.empty();
            }
            return Optional.of(earlier(key, row));
        });
    }

    private Result earlier(CallKey key, KeyTable.Row row) {
        if (!MessageDigest.isEqual(row.requestHash(), key.requestHash())) {
            return new Result.Refused(
                    Reason.MISMATCHED,
                    Status.INVALID_ARGUMENT.withDescription(
                            "the idempotency key was used for another request of this method"));
        }
        if (row.response() == null) {
            return new Result.Refused(
                    Reason.NOT_COMMITTED,
                    Status.INTERNAL.withDescription(
                            "the first call with this key committed before it had responded: it may have run in part"));
        }
        return new Result.Replayed(row.response(), keep.minus(row.age()));
    }

    private static Result busy() {
        return new Result.Refused(
                Reason.BUSY, Status.ABORTED.withDescription("another call with the same idempotency key still runs"));
    }

    private Result unavailable(CallKey key, RuntimeException failed) {
        String why = SqlErrors.text(failed);
        outage.warn(key.method() + " did not run, as its idempotency key cannot be written: " + why);
        return new Result.Refused(
                Reason.UNAVAILABLE,
                // what the database or its pool says is for the log
                Status.UNAVAILABLE.withDescription("the call did not run: its idempotency key cannot be written, "
                        + (SqlErrors.isConnectionLost(failed)
                                ? "as the database does not respond"
                                : "and the server's log says why")));
    }
}
