package io.middleware.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on a free port of 127.0.0.1, which it keeps over restarts, with its data. Its user
 * {@value #USER} needs no password. As root it runs as {@code nobody}, as it refuses to run as root.
 */
public final class PostgresServer implements AutoCloseable {

    public static final String USER = "postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final int port = FreePorts.next();
    private final Path home = PostgresPrograms.home();
    private final DatabaseFolder folder = DatabaseFolder.create("postgres");
    private final List<String> settings;
    private @Nullable OsProcess process;

    private PostgresServer(List<String> settings) {
        this.settings = settings;
        folder.run(
                        program("initdb"),
                        "-D",
                        folder.data().toString(),
                        "-A",
                        "trust",
                        "-U",
                        USER,
                        "--no-locale",
                        "-E",
                        "UTF8",
                        "--no-sync")
                .awaitExit(START_LIMIT);
    }

    /** Starts one with an empty database; {@code settings}: such as {@code fsync=off}. */
    public static PostgresServer started(String... settings) {
        return new PostgresServer(List.of(settings)).start();
    }

    /** Starts it, and returns when it accepts connections. Does nothing when it runs. */
    public PostgresServer start() {
        if (process != null && process.isAlive()) {
            return this;
        }
        // after a crash the port or the shared memory may still be in use, as long as a session has not noticed
        Awaitility.await("PostgreSQL on port " + port)
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(this::isUp);
        return this;
    }

    private boolean isUp() {
        if (process == null || !process.isAlive()) {
            List<String> arguments = new ArrayList<>(List.of(
                    "-D",
                    folder.data().toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories="));
            settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
            process = folder.run(program("postgres"), arguments.toArray(String[]::new));
        }
        Path state = folder.data().resolve("postmaster.pid");
        try {
            return Files.exists(state)
                    && Files.readString(state).startsWith(process.pid() + "\n")
                    && Files.readString(state).stripTrailing().endsWith("ready");
        } catch (IOException changing) {
            return false;
        }
    }

    private Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** Sends SIGKILL to it and so, as they notice, ends its sessions: a crash. Returns when all have ended. */
    public void kill() {
        List<ProcessHandle> sessions = ProcessHandle.of(running().pid()).stream()
                .flatMap(ProcessHandle::children)
                .toList();
        running().signal("KILL");
        running().awaitExit(STOP_LIMIT);
        for (ProcessHandle session : sessions) {
            session.onExit()
                    .orTimeout(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /** Ends all sessions and then itself, in good order. */
    public void stop() {
        running().signal("INT");
        running().awaitExit(STOP_LIMIT);
    }

    /** Returns the JDBC address of a database. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    private OsProcess running() {
        return Objects.requireNonNull(process, "not started");
    }

    @Override
    public void close() {
        running().signal("INT");
        running().end(STOP_LIMIT);
    }
}
