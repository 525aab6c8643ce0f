package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.WrongSettingException;
import io.middleware.starter.idempotency.IdempotencyProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Checks that the table is there, and creates it where that is wanted: at the start or, if the database was away then,
 * before the first key is written.
 */
final class TableSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TableSetup.class);
    /** The name in the files with the statements. */
    private static final String DEFAULT_NAME = "middleware_idempotency";

    private final JdbcOperations jdbc;
    private final IdempotencyProperties settings;
    private final String table;
    private final String configuredUrl;
    private volatile @Nullable Database database;
    private volatile boolean ready;

    /** {@code configuredUrl}: of the database, with its options; empty if it is not known. */
    TableSetup(JdbcOperations jdbc, IdempotencyProperties settings, String configuredUrl) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.table = settings.table();
        this.configuredUrl = configuredUrl;
    }

    /** Checks at the start. A database that is away does not keep the server from starting. */
    void check() {
        try {
            ensure();
        } catch (DataAccessException failed) {
            LOG.warn(
                    "the database for idempotency keys is away, calls with a key end as UNAVAILABLE until it is there: {}",
                    SqlErrors.text(failed));
        }
    }

    /**
     * Returns when the table is there.
     *
     * @throws DataAccessException   if the database is away
     * @throws WrongSettingException if the table is missing
     */
    void ensure() {
        if (ready) {
            return;
        }
        synchronized (this) {
            if (!ready) {
                Database found = database();
                if (isMissing()) {
                    create(found);
                }
                ready = true;
            }
        }
    }

    SqlDialect dialect() {
        return database().dialect();
    }

    /** Returns whether other servers can have the same database; true as long as it is away. */
    boolean isShared() {
        Database known = database;
        return known == null || known.shared();
    }

    private Database database() {
        Database known = database;
        if (known == null) {
            known = Objects.requireNonNull(jdbc.execute((ConnectionCallback<Database>)
                    connection -> Database.of(connection, configuredUrl, settings.idleLimit())));
            database = known;
        }
        return known;
    }

    private boolean isMissing() {
        try {
            jdbc.queryForList("select id, scope, code, response, details, created_at from " + table + " where 1 = 0");
            return false;
        } catch (DataAccessException failed) {
            if (SqlErrors.isConnectionLost(failed)) {
                throw failed;
            }
            return true;
        }
    }

    private void create(Database found) {
        String folder = found.dialect().schema();
        if (folder.isEmpty() || !settings.createTable() && !found.embedded()) {
            throw new WrongSettingException(
                    "The table " + table + " for idempotency keys is missing, or has other columns, in " + found.url()
                            + ".",
                    (folder.isEmpty()
                                    ? "Create it like classpath:io/middleware/idempotency/postgresql"
                                    : "Create it by classpath:io/middleware/idempotency/" + folder
                                            + ", which is also a location for Flyway, or set middleware.idempotency.create-table=true")
                            + ".");
        }
        try {
            for (String statement : statements(folder)) {
                jdbc.execute(statement);
            }
        } catch (DataAccessException failed) {
            // two servers may create it at the same time
            if (SqlErrors.isConnectionLost(failed) || isMissing()) {
                throw failed;
            }
        }
        LOG.info("created the table {} for idempotency keys", table);
    }

    private String[] statements(String folder) {
        ClassPathResource file =
                new ClassPathResource("io/middleware/idempotency/" + folder + "/R__middleware_idempotency.sql");
        try {
            String indexes = table.substring(table.indexOf('.') + 1);
            return file.getContentAsString(StandardCharsets.UTF_8)
                    .replaceAll("(?m)^--.*$", "")
                    .replace(DEFAULT_NAME + "_", indexes + "_")
                    .replaceAll("\\b" + DEFAULT_NAME + "\\b", table)
                    .strip()
                    .split(";\\s*");
        } catch (IOException missing) {
            throw new UncheckedIOException("the starter's jar is incomplete", missing);
        }
    }
}
