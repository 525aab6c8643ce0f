package io.middleware.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real MariaDB on a free port of 127.0.0.1, which it keeps over restarts, with its data. Its user {@value #USER} needs
 * no password. As root it runs as {@code nobody}, as it refuses to run as root.
 */
public final class MariaDbServer implements AutoCloseable {

    public static final String USER = "root";

    /** Why tests are skipped where it is not. */
    public static final String MISSING =
            "MariaDB is not installed: apt-get install mariadb-server-core mariadb-client-core";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final int port = FreePorts.next();
    private final DatabaseFolder folder = DatabaseFolder.create("mariadb");
    private final List<String> settings;
    private @Nullable OsProcess process;

    private MariaDbServer(List<String> settings) {
        this.settings = settings;
        OsProcess create = folder.run(
                program("mariadb-install-db").orElseThrow(),
                "--no-defaults",
                "--datadir=" + folder.data(),
                "--auth-root-authentication-method=normal",
                "--skip-test-db");
        if (create.awaitExit(START_LIMIT) != 0) {
            throw new IllegalStateException("mariadb-install-db failed" + create.lastLines());
        }
    }

    /** Returns whether its programs are here, for {@code @EnabledIf}. */
    public static boolean isInstalled() {
        return program("mariadbd").isPresent() && program("mariadb-install-db").isPresent();
    }

    /** Starts one with no database; {@code settings}: such as {@code innodb-flush-log-at-trx-commit=0}. */
    public static MariaDbServer started(String... settings) {
        return new MariaDbServer(List.of(settings)).start();
    }

    /** Starts it, and returns when it accepts connections. Does nothing when it runs. */
    public MariaDbServer start() {
        if (process == null || !process.isAlive()) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--no-defaults",
                    "--datadir=" + folder.data(),
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--socket=" + folder.data() + "/socket",
                    "--pid-file=" + folder.data() + "/pid",
                    "--skip-name-resolve"));
            settings.forEach(setting -> arguments.add("--" + setting));
            process = folder.run(program("mariadbd").orElseThrow(), arguments.toArray(String[]::new));
        }
        Awaitility.await("MariaDB on port " + port)
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(this::isUp);
        return this;
    }

    private boolean isUp() {
        if (!running().isAlive()) {
            throw new IllegalStateException("mariadbd has ended" + running().lastLines());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(1_000);
            // it greets each connection
            return socket.getInputStream().read() >= 0;
        } catch (IOException starting) {
            return false;
        }
    }

    /** Debian has the server in a folder that is on no user's PATH. */
    private static Optional<Path> program(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin", "/usr/bin"))
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Sends SIGKILL to it: a crash. Returns when it has ended. */
    public void kill() {
        running().signal("KILL");
        running().awaitExit(STOP_LIMIT);
    }

    /** Returns the JDBC address of a database. */
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
    }

    private OsProcess running() {
        return Objects.requireNonNull(process, "not started");
    }

    @Override
    public void close() {
        running().end(STOP_LIMIT);
    }
}
