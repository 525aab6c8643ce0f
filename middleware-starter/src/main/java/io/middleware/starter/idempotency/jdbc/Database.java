package io.middleware.starter.idempotency.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * What is known of a database.
 *
 * @param embedded whether it is part of this process, so that nobody else looks after its tables
 * @param shared   whether other servers can have it, too
 */
record Database(SqlDialect dialect, String url, boolean embedded, boolean shared) {

    /**
     * Asks a connection.
     *
     * @param configuredUrl with its options, which a connection does not tell
     */
    static Database of(Connection connection, String configuredUrl, Duration idleLimit) throws SQLException {
        DatabaseMetaData told = connection.getMetaData();
        String product = told.getDatabaseProductName();
        String url = Objects.requireNonNullElse(told.getURL(), "");
        boolean embedded = product.equals("H2") && !url.startsWith("jdbc:h2:tcp:") && !url.startsWith("jdbc:h2:ssl:");
        boolean served = configuredUrl.toUpperCase(Locale.ROOT).contains(";AUTO_SERVER=TRUE");
        return new Database(SqlDialect.of(product, idleLimit), url, embedded, !embedded || served);
    }
}
