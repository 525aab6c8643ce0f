package io.middleware.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A real Consul agent, alone in its cluster, on free ports of 127.0.0.1, which it keeps over restarts.
 *
 * <p>{@link #forgetful} forgets everything when it stops and is up in a moment; {@link #remembering} keeps its data in
 * a folder. It is a container or a process: see {@link Programs}. The process's program comes from {@code ./stack tool
 * consul}, or from {@code -Dconsul.binary=PATH}.
 */
public final class ConsulServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final String HOST = "127.0.0.1";

    private final int httpPort = FreePorts.next();
    private final ConsulApi api = new ConsulApi(HOST, httpPort);
    private final Program program;

    private ConsulServer(Path folder, boolean remembers, String... more) {
        List<String> arguments = arguments(folder.resolve("data"), remembers);
        arguments.addAll(List.of(more));
        this.program = Programs.create("consul", folder, arguments);
    }

    /** Starts an agent that keeps everything in memory: after a restart it has forgotten all. */
    public static ConsulServer forgetful() {
        return new ConsulServer(newFolder(), false).start();
    }

    /** Starts an agent that keeps its data on disk: after a restart it knows all services, with TTL checks critical. */
    public static ConsulServer remembering() {
        return new ConsulServer(newFolder(), true).start();
    }

    /**
     * A started agent that denies whatever a token does not allow; it is {@link #forgetful}. Its {@link #api} has all
     * rights. The arguments are further ones of Consul's command line.
     */
    public static ConsulServer withAcls(String... arguments) {
        List<String> more = new ArrayList<>(List.of("-hcl=acl { enabled = true default_policy = \"deny\" }"));
        more.addAll(List.of(arguments));
        ConsulServer server = new ConsulServer(newFolder(), false, more.toArray(String[]::new)).start();
        server.api.use(Awaitility.await("rights in Consul")
                .atMost(START_LIMIT)
                .ignoreExceptions()
                .until(
                        () -> server.api
                                .ask("/v1/acl/bootstrap", "")
                                .get("SecretID")
                                .asString(),
                        secret -> !secret.isEmpty()));
        return server;
    }

    private List<String> arguments(Path data, boolean remembers) {
        List<String> arguments = new ArrayList<>(List.of("agent"));
        if (remembers) {
            arguments.addAll(List.of("-server", "-bootstrap-expect=1", "-data-dir=" + data, "-ui"));
        } else {
            arguments.add("-dev");
        }
        arguments.addAll(List.of(
                "-node=test",
                "-bind=" + HOST,
                "-client=" + HOST,
                "-log-level=warn",
                "-http-port=" + httpPort,
                "-server-port=" + FreePorts.next(),
                "-serf-lan-port=" + FreePorts.next(),
                "-serf-wan-port=-1",
                "-dns-port=-1",
                "-hcl=ports { grpc = -1 }",
                // speeds up the election of a cluster of one
                "-hcl=performance { raft_multiplier = 1 }",
                "-hcl=disable_update_check = true"));
        return arguments;
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("consul-");
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot create a folder for Consul", unwritable);
        }
    }

    /** Starts it, and returns when it has a leader. Does nothing when it runs. */
    public ConsulServer start() {
        if (program.isAlive()) {
            return this;
        }
        program.start();
        Awaitility.await("leader of Consul on port " + httpPort)
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(this::hasLeader);
        return this;
    }

    private boolean hasLeader() {
        if (!program.isAlive()) {
            throw new IllegalStateException("Consul ended while starting" + program.lastLines());
        }
        return api.hasLeader();
    }

    /** Sends SIGTERM, and returns when it has ended. */
    public void stop() {
        program.stop();
    }

    /** Sends SIGKILL, as in a crash, and returns when it has ended. */
    public void kill() {
        program.kill();
    }

    /** Freezes it: its port accepts connections, and nothing responds. */
    public void freeze() {
        program.freeze();
    }

    /** Continues it after {@link #freeze}. */
    public void thaw() {
        program.thaw();
    }

    /** Kills it and starts it again on the same ports, with the same data if it is {@link #remembering}. */
    public void restart() {
        kill();
        start();
    }

    public String host() {
        return HOST;
    }

    /** The port of its HTTP API. */
    public int port() {
        return httpPort;
    }

    /** Returns its HTTP API. */
    public ConsulApi api() {
        return api;
    }

    @Override
    public void close() {
        program.close();
    }
}
