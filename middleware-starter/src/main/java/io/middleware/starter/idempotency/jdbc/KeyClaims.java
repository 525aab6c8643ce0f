package io.middleware.starter.idempotency.jdbc;

import io.grpc.Status;
import io.middleware.starter.idempotency.CallKey;
import io.middleware.starter.idempotency.EffectLedger.Reason;
import io.middleware.starter.idempotency.EffectLedger.Result;
import io.middleware.starter.outage.OutageLog;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Begins a transaction that inserts a key; or finds what became of the call that has inserted it before. */
final class KeyClaims {
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
    private final DatabaseWaits waits;
    private final OutageLog outage;

    KeyClaims(
            PlatformTransactionManager manager,
            TableSetup setup,
            KeyTable table,
            Duration keep,
            Execution execution,
            DatabaseWaits waits,
            OutageLog outage) {
        this.manager = manager;
        this.reading = new TransactionTemplate(manager, OWN);
        this.setup = setup;
        this.table = table;
        this.keep = keep;
        this.execution = execution;
        this.waits = waits;
        this.outage = outage;
    }

    /** The transaction that has inserted a key, or what became of the call. */
    record Claimed(
            @Nullable TransactionStatus transaction,
            @Nullable Result instead) {
        Result result() {
            return Objects.requireNonNull(instead, "claimed");
        }
    }

    /** What one try found: {@code claimed}; else the other call, which {@code stillRuns}, or that its key has vanished. */
    private record Tried(@Nullable Claimed claimed, boolean stillRuns) {}

    private static Tried instead(Result result) {
        return new Tried(new Claimed(null, result), false);
    }

    /** Waits no longer than that for another call with the key; not at all once the thread is interrupted. */
    Claimed claim(CallKey key, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        boolean waited = false;
        int rounds = 0;
        int broken = 0;
        while (rounds < MAX_ROUNDS) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (waited && (Thread.currentThread().isInterrupted() || left.compareTo(table.shortestWait()) <= 0)) {
                break;
            }
            try (DatabaseWaits.Try now = waited ? waits.next(left) : waits.first(left)) {
                if (waited && !now.hasPlace() && table.shortestWait().isPositive()) {
                    continue; // it cannot have a quick look
                }
                Tried tried = tryOnce(key, now.longest(), end);
                if (tried.claimed() != null) {
                    return tried.claimed();
                }
                waited |= tried.stillRuns();
                rounds += tried.stillRuns() ? 0 : 1;
            } catch (RuntimeException failed) {
                broken++;
                if (!SqlErrors.isConnectionLost(failed) || broken > MAX_BROKEN_CONNECTIONS) {
                    return new Claimed(null, unavailable(key, failed));
                }
            }
        }
        return new Claimed(null, busy());
    }

    private Tried tryOnce(CallKey key, Duration longest, long end) {
        TransactionStatus transaction;
        try {
            setup.ensure();
            transaction = manager.getTransaction(OWN);
        } catch (RuntimeException away) {
            return instead(unavailable(key, away));
        }
        SqlDialect.Claim claim;
        try {
            // what is left now: a connection may have taken its time
            claim = table.claim(
                    key, Duration.ofNanos(Math.clamp(end - System.nanoTime(), 1, Math.max(1, longest.toNanos()))));
        } catch (RuntimeException failed) {
            execution.rollBack(transaction);
            throw failed;
        }
        if (claim == SqlDialect.Claim.CLAIMED) {
            return new Tried(new Claimed(transaction, null), false);
        }
        execution.rollBack(transaction);
        if (claim == SqlDialect.Claim.BUSY) {
            return new Tried(null, true);
        }
        Optional<Result> earlier = reading.execute(_ -> earlier(key));
        return earlier.map(KeyClaims::instead).orElse(new Tried(null, false));
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

    static Result busy() {
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
