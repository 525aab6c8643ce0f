package io.middleware.testsupport;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A program in Java that runs as a process of its own, with the JDK of the test. */
public final class JvmProcess implements AutoCloseable {

    /** In tests, start-up time matters more than peak speed, and the machine is shared. */
    private static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final OsProcess process;

    private JvmProcess(OsProcess process) {
        this.process = process;
    }

    /**
     * Starts {@code java -jar}.
     *
     * @param environment added to this process's own environment
     * @param log file to which its output is appended
     */
    public static JvmProcess start(Path jar, Map<String, String> environment, Path log) {
        return start(jar.getFileName().toString(), List.of("-jar", jar.toString()), environment, log);
    }

    /**
     * Starts a class that has a main method, with the class path of this JVM.
     *
     * @param environment added to this process's own environment
     * @param log file to which its output is appended
     */
    public static JvmProcess startClass(
            String name, List<String> arguments, Map<String, String> environment, Path log) {
        List<String> program = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), name));
        program.addAll(arguments);
        return start(name, program, environment, log);
    }

    private static JvmProcess start(String name, List<String> program, Map<String, String> environment, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(program);
        return new JvmProcess(OsProcess.start(name, command, environment, log));
    }

    /**
     * Waits until {@code readiness} responds 200.
     *
     * @throws IllegalStateException if the process ends before that; the message holds its last log lines
     * @throws org.awaitility.core.ConditionTimeoutException if it takes longer than {@code limit}
     */
    public JvmProcess awaitReady(URI readiness, Duration limit) {
        Awaitility.await("ready at " + readiness)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("ended before it was ready" + process.lastLines());
                    }
                    return Probe.status(readiness) == 200;
                });
        return this;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns its output so far. */
    public String log() {
        return process.log();
    }

    /** Sends SIGTERM, and returns at once. */
    public void terminate() {
        process.signal("TERM");
    }

    /** Sends SIGKILL, as in a crash. */
    public void kill() {
        process.signal("KILL");
        process.awaitExit(Duration.ofSeconds(5));
    }

    /** Sends SIGSTOP: it stays connected, and is silent. */
    public void freeze() {
        process.freeze();
    }

    /** Sends SIGCONT, after {@link #freeze}. */
    public void thaw() {
        process.signal("CONT");
    }

    /**
     * Waits for its end, and returns its exit code.
     *
     * @throws IllegalStateException if it still runs after {@code limit}
     */
    public int awaitExit(Duration limit) {
        return process.awaitExit(limit);
    }

    @Override
    public void close() {
        process.end(Duration.ofSeconds(10));
    }
}
