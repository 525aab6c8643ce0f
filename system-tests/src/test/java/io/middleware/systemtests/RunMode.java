package io.middleware.systemtests;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The two ways to run the stack. The system property {@code stack.way} selects the one under test; default: {@code
 * local}.
 */
enum RunMode {
    LOCAL {
        @Override
        String missing() {
            return "";
        }

        @Override
        Duration limitForAllDead() {
            return Duration.ofSeconds(1);
        }

        @Override
        boolean isOnThisMachine(JsonNode part) {
            return true;
        }

        @Override
        String process(JsonNode part) {
            return part.get("pid").asString();
        }

        @Override
        List<String> remains(Stack stack) {
            String mark = stack.home() + "/";
            return ProcessHandle.allProcesses()
                    .map(process -> commandLine(process.pid()))
                    .filter(line -> line.contains(mark))
                    .toList();
        }
    },

    DOCKER {
        @Override
        String missing() {
            Shell.Result way = Shell.run(
                    Map.of(), List.of(Repository.root().resolve("stack").toString(), "way"));
            return way.out().strip().equals("docker") ? "" : way.err().strip();
        }

        @Override
        Duration limitForAllDead() {
            return Duration.ofSeconds(2);
        }

        @Override
        boolean isOnThisMachine(JsonNode part) {
            return part.get("kind").asString().matches("consul|nginx");
        }

        @Override
        String process(JsonNode part) {
            return docker(
                            "inspect",
                            "--format",
                            "{{.State.Pid}}",
                            part.get("container").asString())
                    .getFirst();
        }

        @Override
        List<String> remains(Stack stack) {
            return docker(
                    "ps",
                    "--all",
                    "--format",
                    "{{.Names}}",
                    "--filter",
                    "label=com.docker.compose.project=middleware-" + Stack.OFFSET);
        }
    };

    static RunMode underTest() {
        return valueOf(System.getProperty("stack.way", "local").toUpperCase(Locale.ROOT));
    }

    String flag() {
        return "--" + this;
    }

    /** Returns why this machine cannot run it, or an empty string. */
    abstract String missing();

    /**
     * Returns the time within which a call must fail when all servers are dead. A dead container's address refuses
     * nothing.
     */
    abstract Duration limitForAllDead();

    /** Returns whether the part's ports are on this machine, not in a network of containers. */
    abstract boolean isOnThisMachine(JsonNode part);

    /** Returns the id of a part's process, which shows whether the part was restarted. */
    abstract String process(JsonNode part);

    /** Returns the processes or containers of the stack that still exist. */
    abstract List<String> remains(Stack stack);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<String> docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.run(Map.of(), command);
        if (result.exit() != 0) {
            throw new IllegalStateException(command + " failed: " + result.err());
        }
        return result.out().lines().toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }
}
