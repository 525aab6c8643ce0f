package io.middleware.systemtests;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A command at a terminal, and who sits there. */
final class Terminal implements AutoCloseable {

    static final String CTRL_C = "\u0003";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Process process;
    private final Path said;

    private Terminal(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** @param folder where what it says may be kept */
    static Terminal start(Path folder, Map<String, String> environment, List<String> command) {
        Path said = folder.resolve("terminal");
        // a program that was started with Ctrl-C ignored, as in the background of a script, has it ignored in whatever
        // it starts
        ProcessBuilder script = new ProcessBuilder(
                        "env",
                        "--default-signal",
                        "script",
                        "--quiet",
                        "--return",
                        "--flush",
                        "--command",
                        String.join(" ", command),
                        "/dev/null")
                .directory(Repository.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        script.environment().putAll(environment);
        try {
            return new Terminal(script.start(), said);
        } catch (IOException cannotRun) {
            throw new UncheckedIOException("cannot run " + command, cannotRun);
        }
    }

    String said() {
        try {
            return Files.readString(said);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    void awaitText(String text) {
        Awaitility.await(text).atMost(LIMIT).until(() -> said().contains(text));
    }

    void types(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Its exit status. */
    int awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it still runs after " + limit + ": " + said());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
