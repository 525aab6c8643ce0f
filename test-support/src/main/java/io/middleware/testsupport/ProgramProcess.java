package io.middleware.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A program of this machine. */
final class ProgramProcess implements Program {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final List<String> command;
    private final Path log;
    private @Nullable OsProcess process;

    ProgramProcess(String name, List<String> arguments, Path log) {
        this.name = name;
        this.command = new ArrayList<>(List.of(Tool.path(name).toString()));
        this.command.addAll(arguments);
        this.log = log;
    }

    @Override
    public void start() {
        process = OsProcess.start(name, command, Map.of(), log);
    }

    @Override
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public void stop() {
        started().end(STOP_LIMIT);
    }

    @Override
    public void kill() {
        started().signal("KILL");
        started().awaitExit(STOP_LIMIT);
    }

    @Override
    public void freeze() {
        started().freeze();
    }

    @Override
    public void thaw() {
        started().signal("CONT");
    }

    @Override
    public String log() {
        return started().log();
    }

    @Override
    public void close() {
        stop();
    }

    private OsProcess started() {
        return Objects.requireNonNull(process, "not started");
    }
}
