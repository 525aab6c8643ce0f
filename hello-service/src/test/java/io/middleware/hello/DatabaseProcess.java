package io.middleware.hello;

import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.JvmProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The database of {@code ./stack up} as processes, on a port that it keeps over restarts. */
final class DatabaseProcess implements AutoCloseable {

    private final int port = FreePorts.next();
    private final Path folder;
    private @Nullable JvmProcess process;

    DatabaseProcess(Path folder) {
        this.folder = folder;
    }

    /** Returns when it accepts connections. */
    DatabaseProcess start() {
        process = JvmProcess.startClass(
                DatabaseServer.class.getName(),
                List.of(Integer.toString(port), folder.resolve("data").toString()),
                Map.of("SPRING_DATASOURCE_USERNAME", "hello", "SPRING_DATASOURCE_PASSWORD", "secret"),
                folder.resolve("database.log"));
        Awaitility.await("the database listens")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(this::listens);
        return this;
    }

    JvmProcess process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** Returns the arguments of an application that uses it. */
    List<String> settings() {
        return List.of(
                "--spring.datasource.url=jdbc:h2:tcp://127.0.0.1:" + port + "/hello;NETWORK_TIMEOUT=2000",
                "--spring.datasource.username=hello",
                "--spring.datasource.password=secret");
    }

    private boolean listens() {
        if (!process().isAlive()) {
            throw new IllegalStateException(
                    "the database has ended: " + process().log());
        }
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
