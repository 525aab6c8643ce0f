package io.middleware.starter.idempotency.jdbc;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Notes that a transaction was committed, which is also so when something that follows a commit throws. */
final class CommitWatch implements TransactionSynchronization {
    private boolean committed;

    /** Watches the current transaction. */
    static CommitWatch begin() {
        CommitWatch watch = new CommitWatch();
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(watch);
        }
        return watch;
    }

    @Override
    public void afterCompletion(int status) {
        committed = status == STATUS_COMMITTED;
    }

    boolean committed() {
        return committed;
    }
}
