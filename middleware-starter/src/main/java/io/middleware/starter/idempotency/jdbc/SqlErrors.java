package io.middleware.starter.idempotency.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells errors of a database apart by their codes in the SQL standard ("SQLSTATE"). */
final class SqlErrors {
    private static final String UNKNOWN_OUTCOME = "40003";
    /** PostgreSQL ends all sessions, crashed, or starts. */
    private static final Set<String> GOING = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");
    /** H2: the connection is broken, the database is closed, being closed, or in use by another process. */
    private static final Set<Integer> H2_GONE = Set.of(90067, 90098, 90121, 90020);

    private SqlErrors() {}

    /** Returns whether there was no connection to the database, or it broke. */
    static boolean isConnectionLost(Throwable thrown) {
        if (thrown instanceof CannotCreateTransactionException) {
            return true;
        }
        SQLException error = find(thrown);
        if (error == null) {
            return false;
        }
        String state = state(error);
        return error instanceof SQLTransientConnectionException
                || error instanceof SQLNonTransientConnectionException
                || error instanceof SQLRecoverableException
                || state.startsWith("08")
                || GOING.contains(state)
                || H2_GONE.contains(error.getErrorCode());
    }

    /** Returns whether a commit failed because the transaction gave way to another, and so was rolled back. */
    static boolean isGivenWay(Throwable thrown) {
        SQLException error = find(thrown);
        return error != null && isConflict(error) && !state(error).equals(UNKNOWN_OUTCOME);
    }

    /** Returns whether a commit failed because of a rule of the application's tables, and so was rolled back. */
    static boolean isViolation(Throwable thrown) {
        SQLException error = find(thrown);
        return error != null && isConstraint(error);
    }

    /** Returns whether a constraint was violated. */
    static boolean isConstraint(SQLException error) {
        return state(error).startsWith("23");
    }

    /** Returns whether the database chose this transaction to give way to another: deadlock, serialization. */
    static boolean isConflict(SQLException error) {
        return state(error).startsWith("40");
    }

    static String state(SQLException error) {
        return error.getSQLState() == null ? "" : error.getSQLState();
    }

    /** Returns the text of the database's own error, in one line. */
    static String text(Throwable thrown) {
        SQLException error = find(thrown);
        String message = String.valueOf((error == null ? thrown : error).getMessage());
        return message.lines().findFirst().orElse("").strip();
    }

    private static @Nullable SQLException find(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SQLException error) {
                return error;
            }
        }
        return null;
    }
}
