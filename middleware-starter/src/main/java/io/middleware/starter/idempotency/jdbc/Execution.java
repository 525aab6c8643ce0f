package io.middleware.starter.idempotency.jdbc;

import io.grpc.Status;
import io.middleware.starter.idempotency.CallKey;
import io.middleware.starter.idempotency.Effect;
import io.middleware.starter.idempotency.EffectLedger.Reason;
import io.middleware.starter.idempotency.EffectLedger.Result;
import io.middleware.starter.outage.OutageLog;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;

/** Runs an effect in the transaction that has claimed its key, and ends the transaction. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private final PlatformTransactionManager manager;
    private final KeyTable table;
    private final Duration keep;
    private final OutageLog outage;

    Execution(PlatformTransactionManager manager, KeyTable table, Duration keep, OutageLog outage) {
        this.manager = manager;
        this.table = table;
        this.keep = keep;
        this.outage = outage;
    }

    /**
     * How a run ended.
     *
     * @param result null if it ended with an error that is final, and nothing is left, the key included
     * @param ended  that error
     */
    record Outcome(@Nullable Result result, Effect.@Nullable Ended ended) {
        Effect.Ended error() {
            return Objects.requireNonNull(ended, "no such error");
        }
    }

    Outcome run(TransactionStatus transaction, CallKey key, Effect effect, boolean finalErrors) {
        Effect.Ended ended;
        Object savepoint;
        try {
            savepoint = finalErrors ? savepoint(transaction) : null;
            ended = effect.run();
        } catch (RuntimeException | Error thrown) {
            rollBack(transaction);
            if (SqlErrors.isConnectionLost(thrown)) {
                return new Outcome(lost(key, thrown), null);
            }
            throw thrown;
        }
        if (ended.keep() == Effect.Keep.NOTHING) {
            rollBack(transaction);
            return new Outcome(new Result.Discarded(), null);
        }
        if (ended.keep() == Effect.Keep.RESPONSE) {
            if (savepoint == null || !undo(transaction, savepoint)) {
                rollBack(transaction);
                return new Outcome(null, ended);
            }
        }
        return new Outcome(store(transaction, key, ended), null);
    }

    private static @Nullable Object savepoint(TransactionStatus transaction) {
        try {
            return transaction.createSavepoint();
        } catch (NestedTransactionNotSupportedException withoutThem) {
            return null; // JPA
        }
    }

    private static boolean undo(TransactionStatus transaction, Object savepoint) {
        try {
            transaction.rollbackToSavepoint(savepoint);
            return true;
        } catch (RuntimeException failed) {
            LOG.debug("rollback to the savepoint failed", failed);
            return false;
        }
    }

    /** Writes the response beside the key, and commits. */
    Result store(TransactionStatus transaction, CallKey key, Effect.Ended ended) {
        CommitWatch watch;
        try {
            if (transaction.isRollbackOnly()) {
                rollBack(transaction);
                return notCommitted(key, "it responded, but had marked its transaction for rollback");
            }
            table.store(key, ended.kept());
            watch = CommitWatch.begin();
        } catch (RuntimeException failed) {
            rollBack(transaction);
            return SqlErrors.isConnectionLost(failed) ? lost(key, failed) : notCommitted(key, SqlErrors.text(failed));
        }
        return commit(transaction, key, watch);
    }

    private Result commit(TransactionStatus transaction, CallKey key, CommitWatch watch) {
        try {
            manager.commit(transaction);
        } catch (RuntimeException failed) {
            if (watch.committed()) {
                LOG.warn("{} was committed, but what follows a commit failed: {}", key.method(), failed.toString());
                return new Result.Executed(keep);
            }
            if (SqlErrors.isGivenWay(failed)) {
                return new Result.Refused(
                        Reason.NOT_COMMITTED,
                        Status.ABORTED.withDescription(
                                "gave way to another transaction, nothing is left: " + SqlErrors.text(failed)));
            }
            if (SqlErrors.isViolation(failed)) {
                return notCommitted(key, SqlErrors.text(failed));
            }
            if (failed instanceof UnexpectedRollbackException) {
                return notCommitted(key, "it responded, but had marked its transaction for rollback");
            }
            outage.warn("the commit of " + key.method() + " failed: " + SqlErrors.text(failed));
            return new Result.Refused(
                    Reason.NOT_COMMITTED,
                    Status.UNAVAILABLE.withDescription(
                            "the database was lost during the commit, so the call may have run; with the same"
                                    + " idempotency key it may safely be called again"));
        }
        outage.over("the database of the idempotency keys responds again");
        return new Result.Executed(keep);
    }

    private Result lost(CallKey key, Throwable thrown) {
        outage.warn(key.method() + " was rolled back, as the database was lost: " + SqlErrors.text(thrown));
        return new Result.Refused(
                Reason.UNAVAILABLE,
                Status.UNAVAILABLE.withDescription(
                        "the database was lost before the commit, nothing is left of the call"));
    }

    private static Result notCommitted(CallKey key, String why) {
        LOG.error("{} was rolled back: {}", key.method(), why);
        return new Result.Refused(
                Reason.NOT_COMMITTED,
                Status.INTERNAL.withDescription("rolled back, nothing is left of the call: " + why));
    }

    /** Rolls back. If that fails, the connection is broken, and the database has done so. */
    void rollBack(TransactionStatus transaction) {
        if (transaction.isCompleted()) {
            return;
        }
        try {
            manager.rollback(transaction);
        } catch (RuntimeException broken) {
            LOG.debug("rollback failed", broken);
        }
    }
}
