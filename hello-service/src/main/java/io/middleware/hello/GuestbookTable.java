package io.middleware.hello;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Creates the table of signatures, in the background: a server starts and serves its other calls while its database is
 * away. The first call could not do it, because a database may commit before such a statement, and the call may be in a
 * transaction.
 */
final class GuestbookTable implements SmartLifecycle {

    /** How long the first calls of a server wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final String TABLE = """
            create table if not exists guestbook_signature (
                id bigint generated always as identity primary key,
                name varchar(100) not null,
                message varchar(1000) not null,
                call_id varchar not null,
                signed_at timestamp(3) with time zone not null
            )""";

    private final JdbcClient jdbc;
    private final DatabaseOutage outage;
    private final CountDownLatch created = new CountDownLatch(1);
    private @Nullable Thread creator;

    GuestbookTable(JdbcClient jdbc, DatabaseOutage outage) {
        this.jdbc = jdbc;
        this.outage = outage;
    }

    /** Returns whether the table exists, after a short wait if it does not yet. */
    boolean isThere() {
        try {
            return created.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public synchronized void start() {
        if (creator == null) {
            creator = Thread.ofVirtual().name("guestbook-table").start(this::create);
        }
    }

    @Override
    public synchronized void stop() {
        if (creator != null) {
            creator.interrupt();
            creator = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return creator != null;
    }

    private void create() {
        try {
            while (!Thread.interrupted()) {
                try {
                    jdbc.sql(TABLE).update();
                    outage.onSuccess();
                    created.countDown();
                    return;
                } catch (DataAccessException away) {
                    // or another server creates the same table at the same moment, which PostgreSQL does not like
                    outage.onFailure("the table of signatures was not created", away);
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
