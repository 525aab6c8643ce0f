package io.middleware.starter.idempotency.jdbc;

import java.util.UUID;

/** As with a database that has no dialect of its own: H2 by the statements of the standard. */
class StandardSqlEffectsOnceTest extends EffectsOnce {
    private String url;

    @Override
    KeyedServer first() {
        url = "jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=1500";
        return another();
    }

    @Override
    KeyedServer another() {
        return KeyedServer.withStandardSql(url, "sa");
    }

    /** Not promised: how long a statement waits is in whole seconds, or the database's own affair. */
    @Override
    void repeatsAtAnotherServer_leaveItConnectionsForOtherCalls() {}

    /** Nor this, for the same reason. */
    @Override
    void callsAtSeveralServers_oneRuns_ifTheFirstFails() {}

    @Override
    void age(int hours) {
        one.jdbc.update("update middleware_idempotency set created_at = dateadd('HOUR', ?, created_at)", -hours);
    }
}
