package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files, folders, lines and commands that the README names exist. */
class ReadmeTest {
    private static final Pattern LINK = Pattern.compile("\\[[^]]+]\\(([^)#:]+)\\)");
    /** Such as {@code [`word`](path#L123)}. */
    private static final Pattern LINK_TO_A_LINE = Pattern.compile("\\[`([^`]+)`]\\(([^)#:]+)#L(\\d+)\\)");

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

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.pt-BR.md"})
    void everyLineThatItLinksTo_holdsTheLinkedWord(String page) {
        List<MatchResult> links = LINK_TO_A_LINE.matcher(read(page)).results().toList();

        assertThat(links).as("links to lines").hasSizeGreaterThan(10);
        assertThat(links).allSatisfy(link -> {
            List<String> lines = read(link.group(2)).lines().toList();
            int line = Integer.parseInt(link.group(3));
            assertThat(lineAt(lines, line))
                    .as("%s#L%d; the word is on the lines %s", link.group(2), line, linesWith(link.group(1), lines))
                    .contains(link.group(1));
        });
    }

    private static String lineAt(List<String> lines, int line) {
        return line <= lines.size() ? lines.get(line - 1) : "";
    }

    private static List<Integer> linesWith(String word, List<String> lines) {
        return IntStream.rangeClosed(1, lines.size())
                .filter(line -> lineAt(lines, line).contains(word))
                .boxed()
                .toList();
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
