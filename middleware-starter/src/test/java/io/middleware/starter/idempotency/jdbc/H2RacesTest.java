package io.middleware.starter.idempotency.jdbc;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class H2RacesTest extends DatabaseRaces {
    private H2Database h2;

    @Override
    void startDatabase() {
        h2 = new H2Database();
    }

    @Override
    void killDatabase() {
        h2.kill();
        h2.start();
    }

    @Override
    void endDatabase() {
        h2.close();
    }

    @Override
    KeyedServer server() {
        return new KeyedServer(h2.url(), "sa");
    }
}
