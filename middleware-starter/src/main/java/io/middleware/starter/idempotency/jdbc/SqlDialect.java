package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.CallKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** What differs between databases: how to insert a key that another transaction may be inserting now, and their times. */
interface SqlDialect {

    /** What came of the attempt to insert a key. */
    enum Claim {
        /** The row is this transaction's. */
        CLAIMED,
        /** There is a row. */
        TAKEN,
        /** Another transaction, which has not ended in time, may have inserted it. */
        BUSY
    }

    /** Returns the folder of the statements that create the table; empty if there are none. */
    String schema();

    /** Inserts the key; waits for the end of another transaction that has inserted it. */
    Claim claim(Connection connection, String table, CallKey key, Duration wait) throws SQLException;

    /** Returns the shortest wait that {@link #claim} can keep; one that is told to be shorter may last as long. */
    default Duration shortestWait() {
        return Duration.ZERO;
    }

    /** Returns the expression for the time now, of the type that the table's times have. */
    default String now() {
        return "current_timestamp";
    }

    /** Reads a time of the table, or of {@link #now}. */
    default Instant instant(ResultSet row, int column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    /** Returns a time as a parameter that the table's times are compared with. */
    default Object parameter(Instant time) {
        return Timestamp.from(time);
    }

    /** Returns what tells the size of the table in bytes; empty if nothing does. */
    default String sizeQuery(String table) {
        return "";
    }

    /** Returns the dialect of a database by its product's name; {@code idleLimit}: of transactions, where it can be set. */
    static SqlDialect of(String product, Duration idleLimit) {
        return switch (product) {
            case "PostgreSQL" -> new PostgreSql(idleLimit);
            case "H2" -> new H2();
            case "MariaDB" -> new MariaDb();
            default -> new Standard();
        };
    }

    /** Returns the statement that inserts a key, for which {@link #bind} sets the values. */
    static String insert(String table) {
        return "insert into " + table + " (id, scope, method, idempotency_key, request_hash) values (?, ?, ?, ?, ?)";
    }

    /** Sets the five values of {@link #insert}. */
    static void bind(PreparedStatement statement, int first, CallKey key) throws SQLException {
        statement.setBytes(first, key.id());
        statement.setString(first + 1, cut(key.scope()));
        statement.setString(first + 2, cut(key.method()));
        statement.setString(first + 3, key.key());
        statement.setBytes(first + 4, key.requestHash());
    }

    /** Returns what fits: these columns are for people, the id is what counts. */
    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), KeyTable.MAX_TEXT));
    }

    /** Any database: one whose statements have a time limit, in whole seconds. */
    final class Standard implements SqlDialect {

        @Override
        public String schema() {
            return "";
        }

        @Override
        public Duration shortestWait() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Claim claim(Connection connection, String table, CallKey key, Duration wait) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(SqlDialect.insert(table))) {
                insert.setQueryTimeout((int) Math.max(1, wait.toSeconds()));
                bind(insert, 1, key);
                insert.executeUpdate();
                return Claim.CLAIMED;
            } catch (SQLTimeoutException late) {
                return Claim.BUSY;
            } catch (SQLException failed) {
                if (SqlErrors.isConstraint(failed) || SqlErrors.isConflict(failed)) {
                    return Claim.TAKEN;
                }
                throw failed;
            }
        }
    }
}
