package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README points at is there. */
class ReadmeTest {
    private static final Pattern LINK = Pattern.compile("\\[[^]]+]\\(([^)#:]+)\\)");
    private static final Pattern FOLDER = Pattern.compile("`([a-z-]+(?:\\.d)?/)`");

    private final String readme = read("README.md");

    @Test
    void everyFileThatItNames_exists() {
        List<String> files = found(LINK);

        assertThat(files).as("links to files").hasSizeGreaterThan(10);
        assertThat(files)
                .allSatisfy(file -> assertThat(Repository.root().resolve(file)).exists());
    }

    @Test
    void everyFolderOfTheLayout_exists() {
        List<String> folders = found(FOLDER);

        assertThat(folders).as("folders").hasSizeGreaterThan(8);
        assertThat(folders)
                .allSatisfy(
                        folder -> assertThat(Repository.root().resolve(folder)).isDirectory());
    }

    @Test
    void everyConcept_hasItsRow() {
        assertThat(readme.lines().filter(line -> line.startsWith("| ") && line.contains("](")))
                .extracting(line -> line.split("\\|")[1].strip())
                .contains(
                        "RPC",
                        "location transparency",
                        "service discovery",
                        "heartbeat",
                        "retry",
                        "fallback",
                        "reverse proxy",
                        "load balancing");
    }

    @Test
    void everyStackCommandThatItShows_isInTheHelp() {
        List<String> shown = found(Pattern.compile("\\./stack ([a-z]+)"));

        String help = read("stack");
        assertThat(shown)
                .contains("up", "down", "kill")
                .allSatisfy(command -> assertThat(help).contains("./stack " + command));
    }

    private List<String> found(Pattern pattern) {
        return pattern.matcher(readme)
                .results()
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();
    }

    private static String read(String file) {
        Path path = Repository.root().resolve(file);
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new IllegalStateException(path + " cannot be read", e);
        }
    }
}
