package io.middleware.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final String OTHER_USER = "nobody";

    private final int port = FreePorts.next();
    private final Path home = PostgresPrograms.home();
    private final Path folder = newFolder();
    private final List<String> settings;
    private @Nullable OsProcess process;

    private PostgresServer(List<String> settings) {
        this.settings = settings;
        run("initdb", "-D", data(), "-A", "trust", "-U", USER, "--no-locale", "-E", "UTF8", "--no-sync")
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
                    data(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories="));
            settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
            process = run("postgres", arguments.toArray(String[]::new));
        }
        Path state = folder.resolve("data/postmaster.pid");
        try {
            return Files.exists(state)
                    && Files.readString(state).startsWith(process.pid() + "\n")
                    && Files.readString(state).stripTrailing().endsWith("ready");
        } catch (IOException changing) {
            return false;
        }
    }

    private OsProcess run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + OTHER_USER, "--regid=65534", "--clear-groups"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return OsProcess.start(program, command, Map.of(), folder.resolve(program + ".log"));
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("postgres-");
            Path data = Files.createDirectory(folder.resolve("data"));
            if (isRoot()) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.setOwner(
                        data,
                        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(OTHER_USER));
            }
            return folder;
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot create a folder for PostgreSQL", unwritable);
        }
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
