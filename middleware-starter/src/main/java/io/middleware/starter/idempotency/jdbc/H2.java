package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.CallKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** H2, embedded or as a server. How long a session waits for others is its own setting, which is put back. */
final class H2 implements SqlDialect {
    private static final int LOCK_TIMEOUT = 50200;
    private static final int CONCURRENT_UPDATE = 90131;

    /** The setting of the sessions; all are opened with one URL. */
    private volatile @Nullable Integer usual;

    @Override
    public String schema() {
        return "h2";
    }

    @Override
    public Claim claim(Connection connection, String table, CallKey key, Duration wait) throws SQLException {
        try (Statement settings = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(SqlDialect.insert(table))) {
            SqlDialect.bind(insert, 1, key);
            int before = usual(settings);
            setWait(settings, Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE));
            try {
                return insert(insert);
            } finally {
                setWait(settings, before);
            }
        }
    }

    private static Claim insert(PreparedStatement insert) throws SQLException {
        try {
            insert.executeUpdate();
            return Claim.CLAIMED;
        } catch (SQLException failed) {
            if (failed.getErrorCode() == LOCK_TIMEOUT) {
                return Claim.BUSY;
            }
            if (SqlErrors.isConstraint(failed)
                    || SqlErrors.isConflict(failed)
                    || failed.getErrorCode() == CONCURRENT_UPDATE) {
                return Claim.TAKEN;
            }
            throw failed;
        }
    }

    private int usual(Statement settings) throws SQLException {
        Integer known = usual;
        if (known == null) {
            try (ResultSet row = settings.executeQuery("call lock_timeout()")) {
                row.next();
                known = row.getInt(1);
            }
            usual = known;
        }
        return known;
    }

    private static void setWait(Statement settings, int millis) throws SQLException {
        settings.execute("set lock_timeout " + millis);
    }
}
