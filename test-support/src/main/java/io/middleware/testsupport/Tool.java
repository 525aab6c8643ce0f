package io.middleware.testsupport;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the programs that tests start: by a system property, such as {@code -Dconsul.binary=/path/to/consul} or
 * {@code -Dnginx.binary=/path/to/nginx}, else by {@code ./stack tool NAME}, which fetches what is missing.
 */
final class Tool {

    private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

    private Tool() {}

    /**
     * Returns the path of the program.
     *
     * @throws IllegalStateException if there is none; the message says why
     */
    static Path path(String name) {
        return FOUND.computeIfAbsent(name, Tool::find);
    }

    private static Path find(String name) {
        String property = name + ".binary";
        String override = System.getProperty(property);
        Path path = override == null || override.isBlank() ? askStack(name) : Path.of(override);
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException(
                    path + " is not executable; -D" + property + " must name the program " + name);
        }
        return path;
    }

    private static Path askStack(String name) {
        Path stack = Repository.root().resolve("stack");
        try {
            Process process = new ProcessBuilder(stack.toString(), "tool", name)
                    .redirectError(Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            if (exit != 0 || answer.isEmpty()) {
                throw new IllegalStateException("'" + stack + " tool " + name + "' found none and ended with " + exit
                        + "; -D" + name + ".binary=PATH names one of your own");
            }
            return Path.of(answer);
        } catch (IOException cannotRun) {
            throw new IllegalStateException(
                    "cannot run '" + stack + " tool " + name + "': " + cannotRun.getMessage(), cannotRun);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for " + name, interrupted);
        }
    }
}
