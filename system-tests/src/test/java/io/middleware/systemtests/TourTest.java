package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for a class have the same stops, commands and files in both languages. */
class TourTest {
    private static final int STOPS = 12;
    private static final Pattern STOP = Pattern.compile("^## (\\d+)\\. .*");

    private final Tour english = Tour.read("docs/tour.md");
    private final Tour portuguese = Tour.read("docs/tour.pt-BR.md");

    @Test
    void bothHaveTwelveStops() {
        assertThat(stops(english)).hasSize(STOPS).isEqualTo(stops(portuguese));
    }

    private static List<String> stops(Tour tour) {
        return Document.found(STOP, tour.page().prose()).toList();
    }

    @Test
    void eachStop_hasCommandsAndAQuestionWithItsAnswer() {
        for (Tour tour : List.of(english, portuguese)) {
            List<String> lines = tour.page().lines();
            List<Integer> begins = Stream.iterate(0, line -> line < lines.size(), line -> line + 1)
                    .filter(line -> STOP.matcher(lines.get(line)).matches())
                    .toList();
            for (int begin : begins) {
                List<String> stop = lines.subList(begin + 1, lines.size()).stream()
                        .takeWhile(line -> !line.startsWith("## "))
                        .toList();
                assertThat(stop)
                        .as(lines.get(begin))
                        .contains("```sh", "```text", "</details>")
                        .anyMatch(line -> line.startsWith("<details><summary>"))
                        .anyMatch(line -> line.matches("(Files|Arquivos): .*"));
            }
        }
    }

    @Test
    void commandsAndTheirLines_areTheSame() {
        assertThat(english.steps()).hasSizeGreaterThan(2 * STOPS);
        assertThat(portuguese.untranslated()).isEqualTo(english.untranslated());
        assertThat(portuguese.steps())
                .extracting(step -> step.printed().size())
                .isEqualTo(english.steps().stream()
                        .map(step -> step.printed().size())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tour", "exercises", "cheat-sheet", "effects-once"})
    void links_leadToTheSameFiles(String name) {
        assertThat(files("docs/" + name + ".pt-BR.md")).isNotEmpty().isEqualTo(files("docs/" + name + ".md"));
    }

    /** All files, the page in the other language included; of translated pages both are one. */
    private static List<String> files(String page) {
        String other = Document.read(page).links().getFirst();
        assertThat(page)
                .as("the first link leads to the other language: %s", other)
                .contains(other.replace(".pt-BR", "").replace(".md", ""));
        return Document.read(page).links().stream()
                .map(link -> link.replace(".pt-BR.", "."))
                .toList();
    }

    @Test
    void cheatSheets_haveTheSameCommands() {
        assertThat(commands("docs/cheat-sheet.pt-BR.md"))
                .hasSizeGreaterThan(STOPS)
                .isEqualTo(commands("docs/cheat-sheet.md"));
    }

    private static List<String> commands(String page) {
        return Document.found(Pattern.compile("`([^`]+)`"), Document.read(page).prose())
                .toList();
    }
}
