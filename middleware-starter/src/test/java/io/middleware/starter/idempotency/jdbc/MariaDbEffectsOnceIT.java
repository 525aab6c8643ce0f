package io.middleware.starter.idempotency.jdbc;

import io.middleware.testsupport.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** With a real MariaDB. */
@EnabledIf(value = "io.middleware.testsupport.MariaDbServer#isInstalled", disabledReason = MariaDbServer.MISSING)
class MariaDbEffectsOnceIT extends EffectsOnce {

    private static MariaDbServer server;
    private static int databases;

    @BeforeAll
    static void startServer() {
        server = MariaDbServer.started("innodb-flush-log-at-trx-commit=0");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    KeyedServer first() {
        databases++;
        new JdbcTemplate(new DriverManagerDataSource(server.url(""), MariaDbServer.USER, ""))
                .execute("create database book" + databases);
        return another();
    }

    @Override
    KeyedServer another() {
        return new KeyedServer(server.url("book" + databases), MariaDbServer.USER);
    }

    @Override
    void age(int hours) {
        one.jdbc.update("update middleware_idempotency set created_at = created_at - interval ? hour", hours);
    }
}
