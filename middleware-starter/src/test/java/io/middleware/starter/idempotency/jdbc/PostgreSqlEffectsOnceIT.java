package io.middleware.starter.idempotency.jdbc;

import io.middleware.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** With a real PostgreSQL. */
class PostgreSqlEffectsOnceIT extends EffectsOnce {

    private static PostgresServer server;
    private static int databases;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.started("fsync=off");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    KeyedServer first() {
        databases++;
        new JdbcTemplate(new DriverManagerDataSource(server.url("postgres"), PostgresServer.USER, ""))
                .execute("create database book" + databases);
        return another();
    }

    @Override
    KeyedServer another() {
        return new KeyedServer(server.url("book" + databases), PostgresServer.USER);
    }

    @Override
    void age(int hours) {
        one.jdbc.update("update middleware_idempotency set created_at = created_at - ? * interval '1 hour'", hours);
    }
}
