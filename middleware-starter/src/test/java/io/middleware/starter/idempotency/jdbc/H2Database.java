package io.middleware.starter.idempotency.jdbc;

import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.JvmProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.h2.tools.Server;

/** A server of H2 in a process of its own, which can be killed. */
final class H2Database implements AutoCloseable {
    private final int port = FreePorts.next();
    private final Path folder;
    private JvmProcess process;

    H2Database() {
        try {
            folder = Files.createTempDirectory("h2-");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        start();
    }

    void start() {
        process = JvmProcess.startClass(
                Server.class.getName(),
                List.of("-tcp", "-tcpPort", Integer.toString(port), "-ifNotExists", "-baseDir", folder.toString()),
                Map.of(),
                folder.resolve("h2.log"));
        Awaitility.await("H2")
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    DriverManager.getConnection(url(), "sa", "").close();
                    return true;
                });
    }

    void kill() {
        process.kill();
    }

    String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + port + "/./book;WRITE_DELAY=0";
    }

    @Override
    public void close() {
        process.close();
    }
}
