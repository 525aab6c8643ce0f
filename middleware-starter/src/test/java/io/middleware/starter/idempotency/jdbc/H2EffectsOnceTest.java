package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a server of H2, as the stack has one, and databases in files. */
class H2EffectsOnceTest extends EffectsOnce {

    @TempDir
    private static Path folder;

    private static Server server;
    private static int databases;

    @BeforeAll
    static void startServer() throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.stop();
    }

    @Override
    KeyedServer first() {
        databases++;
        return another();
    }

    @Override
    KeyedServer another() {
        return new KeyedServer("jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./book" + databases, "sa");
    }

    @Test
    void waitOfTheSession_isPutBack_afterAClaimThatFailed() {
        int usual = lockTimeout();
        one.jdbc.execute("alter table middleware_idempotency alter column method varchar(1)");

        assertThatThrownBy(() -> one.withKey("k").sign(ada())).hasMessageContaining("did not run");

        assertThat(lockTimeout()).isEqualTo(usual);
    }

    /** Of the only connection in the pool. */
    private int lockTimeout() {
        assertThat(one.database.getHikariPoolMXBean().getTotalConnections()).isEqualTo(1);
        return one.jdbc.queryForObject("call lock_timeout()", Integer.class);
    }

    @Override
    void age(int hours) {
        one.jdbc.update("update middleware_idempotency set created_at = dateadd('HOUR', ?, created_at)", -hours);
    }
}
