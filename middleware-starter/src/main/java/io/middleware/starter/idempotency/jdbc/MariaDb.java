package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.CallKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;

/**
 * MariaDB with InnoDB. The limits of the wait are for the insert alone, and go there with it. InnoDB's own limit has
 * whole seconds, so that of statements ends the wait; InnoDB's is only made longer, where the session's is shorter.
 */
final class MariaDb implements SqlDialect {
    /** Lock wait timeout; statement timeout; statement interrupted by somebody. */
    private static final Set<Integer> WAITED = Set.of(1205, 1969, 1317);

    @Override
    public String schema() {
        return "mariadb";
    }

    /**
     * Inserts the key. Where the transaction that had it was rolled back, those that waited all share the lock of its
     * row, and InnoDB lets one of them go on: for the others the key is taken, by that one.
     */
    @Override
    public Claim claim(Connection connection, String table, CallKey key, Duration wait) throws SQLException {
        long millis = Math.max(1, wait.toMillis());
        String limits = String.format(
                Locale.ROOT,
                "set statement max_statement_time = %.3f, innodb_lock_wait_timeout = %d for ",
                millis / 1e3,
                millis / 1_000 + 1);
        try (PreparedStatement insert = connection.prepareStatement(limits + SqlDialect.insert(table))) {
            SqlDialect.bind(insert, 1, key);
            insert.executeUpdate();
            return Claim.CLAIMED;
        } catch (SQLException failed) {
            if (WAITED.contains(failed.getErrorCode())) {
                return Claim.BUSY;
            }
            if (SqlErrors.isConstraint(failed) || SqlErrors.isConflict(failed)) {
                return Claim.TAKEN;
            }
            throw failed;
        }
    }

    /** Returns UTC: the driver reads what sessions call the time as if it were that of the server's zone. */
    @Override
    public String now() {
        return "utc_timestamp(6)";
    }

    @Override
    public Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    @Override
    public Object parameter(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public String sizeQuery(String table) {
        int dot = table.indexOf('.');
        String schema = dot < 0 ? "database()" : "'" + table.substring(0, dot) + "'";
        return "select data_length + index_length from information_schema.tables where table_schema = " + schema
                + " and table_name = '" + table.substring(dot + 1) + "'";
    }
}
