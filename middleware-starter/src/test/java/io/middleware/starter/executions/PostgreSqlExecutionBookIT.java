package io.middleware.starter.executions;

import io.middleware.testsupport.PostgresServer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The same in PostgreSQL. */
class PostgreSqlExecutionBookIT extends JdbcExecutionBookTest {
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
    DataSource database() {
        databases++;
        new JdbcTemplate(of("postgres")).execute("create database book" + databases);
        return of("book" + databases);
    }

    private static DataSource of(String name) {
        return new DriverManagerDataSource(server.url(name), PostgresServer.USER, "");
    }
}
