package io.middleware.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A process whose output is in a file, and to which tests send signals. */
final class OsProcess {

    private final String name;
    private final Process process;
    private final Path log;

    private OsProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts the command, and appends its output to {@code log}. It is killed when this JVM ends. */
    static OsProcess start(String name, List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill-" + name));
            return new OsProcess(name, process, log);
        } catch (IOException cannotStart) {
            throw new UncheckedIOException("cannot start " + name + " (" + command.getFirst() + ")", cannotStart);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Sends a signal by its name without SIG: TERM, KILL, STOP, CONT. Does nothing when the process has ended. */
    void signal(String signal) {
        if (!isAlive()) {
            return;
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0 && isAlive()) {
                throw new IllegalStateException("kill -" + signal + " of " + name + " (pid " + pid() + ") failed");
            }
        } catch (IOException cannotRun) {
            throw new UncheckedIOException("cannot run kill", cannotRun);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling " + name, interrupted);
        }
    }

    /** Sends SIGSTOP, and returns when all its threads have stopped. */
    void freeze() {
        signal("STOP");
        Awaitility.await(name + " is frozen")
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(5))
                .until(this::isFrozen);
    }

    private boolean isFrozen() throws IOException {
        Path threads = Path.of("/proc", Long.toString(pid()), "task");
        if (!Files.isDirectory(threads)) {
            return true; // no such thing here to ask
        }
        try (Stream<Path> each = Files.list(threads)) {
            for (Path thread : each.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                // the state follows the name, which is in parentheses and may contain anything
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Waits for its end, and returns its exit code: 128 + n when signal n ended it.
     *
     * @throws IllegalStateException if it still runs after {@code limit}; the message holds its last log lines
     */
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " still runs after " + limit + lastLines());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " was stopping", interrupted);
        }
    }

    /** Ends it with SIGTERM, or with SIGKILL when that takes longer than {@code limit}; a frozen process is killed. */
    void end(Duration limit) {
        signal("CONT");
        process.destroy();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the end of the log, for the message of a failure. */
    String lastLines() {
        List<String> lines = log().lines().toList();
        return "; its last lines:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }
}
