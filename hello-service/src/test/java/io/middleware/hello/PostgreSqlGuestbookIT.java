package io.middleware.hello;

import io.middleware.testsupport.PostgresServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** With a real PostgreSQL. */
class PostgreSqlGuestbookIT extends GuestbookInDatabase {

    private @Nullable PostgresServer server;

    @Override
    void startDatabase() {
        if (server == null) {
            server = PostgresServer.started("fsync=off");
        } else {
            server.start();
        }
    }

    @Override
    void killDatabase() {
        server.kill();
    }

    @Override
    void closeDatabase() {
        server.close();
    }

    @Override
    List<String> settings() {
        return List.of(
                "--spring.datasource.url=" + server.url("postgres") + "?connectTimeout=2&socketTimeout=5",
                "--spring.datasource.username=" + PostgresServer.USER);
    }
}
