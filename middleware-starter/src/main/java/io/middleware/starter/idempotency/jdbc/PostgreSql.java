package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.CallKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * PostgreSQL. The key and the limit of the wait go there in one round trip. The limit is for the insert alone: the
 * application's own is back for what it does. The limit of idleness is for the whole transaction: a server that is
 * frozen in the middle of a call lets go of its key.
 */
final class PostgreSql implements SqlDialect {
    private static final String LIMIT_WAIT = """
            select set_config('middleware.lock_timeout', current_setting('lock_timeout'), true),
                   set_config('lock_timeout', ?, true),
                   set_config('idle_in_transaction_session_timeout',
                       case current_setting('idle_in_transaction_session_timeout')
                           when '0' then ? else current_setting('idle_in_transaction_session_timeout') end, true);
            """;
    private static final String RESTORE_WAIT = """
             on conflict do nothing;
            select set_config('lock_timeout', current_setting('middleware.lock_timeout'), true)
            """;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELED = "57014";

    private final String idleLimit;

    /** {@code idleLimit}: of a transaction between two statements; none if it is zero, or the session has its own. */
    PostgreSql(Duration idleLimit) {
        this.idleLimit = idleLimit.toMillis() + "ms";
    }

    @Override
    public String schema() {
        return "postgresql";
    }

    @Override
    public Claim claim(Connection connection, String table, CallKey key, Duration wait) throws SQLException {
        try (PreparedStatement claim =
                connection.prepareStatement(LIMIT_WAIT + SqlDialect.insert(table) + RESTORE_WAIT)) {
            claim.setString(1, Math.max(1, wait.toMillis()) + "ms");
            claim.setString(2, idleLimit);
            SqlDialect.bind(claim, 3, key);
            claim.execute();
            claim.getMoreResults();
            return claim.getUpdateCount() == 1 ? Claim.CLAIMED : Claim.TAKEN;
        } catch (SQLException failed) {
            String state = SqlErrors.state(failed);
            if (state.equals(LOCK_NOT_AVAILABLE) || state.equals(QUERY_CANCELED)) {
                return Claim.BUSY;
            }
            if (SqlErrors.isConflict(failed)) {
                return Claim.TAKEN;
            }
            throw failed;
        }
    }

    @Override
    public String sizeQuery(String table) {
        return "select pg_total_relation_size('" + table + "')";
    }
}
