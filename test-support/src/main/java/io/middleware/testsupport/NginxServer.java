package io.middleware.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A real Nginx with a configuration of the test's own. It is a container or a process: see {@link Programs}. The
 * process's program comes from {@code ./stack tool nginx}, or from {@code -Dnginx.binary=PATH}.
 */
public final class NginxServer implements AutoCloseable {

    /**
     * For the http block: bodies are buffered in the test's own folder, not in the one that the package was built for.
     */
    public static final String TEMPORARY_FILES = """
            client_body_temp_path body; proxy_temp_path proxy;
            fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            """;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Program program;

    private NginxServer(Program program) {
        this.program = program;
    }

    /**
     * Starts it and returns when it listens.
     *
     * @param configuration the whole of nginx.conf, but for {@code daemon} and {@code pid}; {@link #TEMPORARY_FILES} in
     *                      its http
     * @param port one that the configuration listens on, at 127.0.0.1
     * @throws IllegalStateException if it ends instead; the message holds what it printed
     */
    public static NginxServer start(String configuration, int port) {
        try {
            Path folder = Files.createTempDirectory("nginx-");
            Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
            Files.createDirectory(folder.resolve("logs"));
            NginxServer server = new NginxServer(Programs.create(
                    "nginx",
                    folder,
                    List.of(
                            "-p",
                            folder.toString(),
                            "-c",
                            file.toString(),
                            "-e",
                            "stderr",
                            "-g",
                            "daemon off; pid " + folder.resolve("nginx.pid") + ";")));
            server.start(port);
            return server;
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write a configuration for Nginx", unwritable);
        }
    }

    private void start(int port) {
        program.start();
        Awaitility.await("Nginx on port " + port)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!program.isAlive()) {
                        throw new IllegalStateException("Nginx ended while starting" + program.lastLines());
                    }
                    return listens(port);
                });
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What it wrote to its error log, and to its access log if the configuration sends that to /dev/stderr. */
    public String log() {
        return program.log();
    }

    /** SIGTERM, and returns when it and its workers are gone. */
    @Override
    public void close() {
        program.close();
    }
}
