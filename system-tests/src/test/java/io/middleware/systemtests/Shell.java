package io.middleware.systemtests;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. */
final class Shell {

    private static final Duration LIMIT = Duration.ofMinutes(8);

    private Shell() {}

    /** What a command left behind. */
    record Result(int exit, String out, String err, Duration took) {}

    /** Starts {@code ./stack} with output to {@code out} and {@code err}. */
    static Process start(Path out, Path err, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Repository.root().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException cannotRun) {
            throw new UncheckedIOException("cannot run " + command, cannotRun);
        }
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException if it has not ended after eight minutes
     */
    static Result run(Map<String, String> environment, List<String> command) {
        long begun = System.nanoTime();
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            Process process = start(out, err, environment, command);
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                throw new IllegalStateException(command + " still ran after " + LIMIT + ": " + Files.readString(err));
            }
            Result result = new Result(
                    process.exitValue(),
                    Files.readString(out),
                    Files.readString(err),
                    Duration.ofNanos(System.nanoTime() - begun));
            Files.delete(out);
            Files.delete(err);
            return result;
        } catch (IOException cannotRun) {
            throw new UncheckedIOException("cannot run " + command, cannotRun);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", interrupted);
        }
    }
}
