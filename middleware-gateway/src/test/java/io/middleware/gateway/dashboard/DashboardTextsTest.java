package io.middleware.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of the page are whole in both languages, and what they name exists. */
class DashboardTextsTest {
    private static final Path PAGE = Path.of("src/main/resources/dashboard-page");
    private static final Pattern ENTRY = Pattern.compile("^\\s*'?([\\w-]+)'?: (\\{|'.*'|\\[.*]),?$|^\\s*(}),?$");
    private static final Pattern NAME = Pattern.compile("\\{\\w+}");
    private static final Pattern FILE = Pattern.compile("(CORE|GATEWAY|STARTER) \\+ '([^']+)'|'(nginx/[^']+)'");

    @Test
    void bothLanguages_haveTheSameTexts_withTheSameNames() throws IOException {
        Map<String, List<String>> english = texts("texts-en.js");
        Map<String, List<String>> portuguese = texts("texts-pt.js");

        assertThat(english).hasSizeGreaterThan(100);
        assertThat(portuguese).isEqualTo(english);
    }

    /** Returns the names in braces of each text, by its key. */
    private static Map<String, List<String>> texts(String file) throws IOException {
        Deque<String> path = new ArrayDeque<>();
        Map<String, List<String>> texts = new TreeMap<>();
        List<String> lines = Files.readAllLines(PAGE.resolve(file));
        for (String line : lines.subList(1, lines.size() - 1)) {
            Matcher entry = ENTRY.matcher(line);
            assertThat(entry.matches()).as(line).isTrue();
            if (entry.group(3) != null) {
                path.removeLast();
            } else if (entry.group(2).equals("{")) {
                path.addLast(entry.group(1));
            } else {
                List<String> names = new ArrayList<>();
                NAME.matcher(entry.group(2)).results().forEach(name -> names.add(name.group()));
                texts.put(
                        String.join(".", path) + "." + entry.group(1),
                        names.stream().sorted().toList());
            }
        }
        return texts;
    }

    @Test
    void filesThatTheFeedNames_exist() throws IOException {
        String feed = Files.readString(PAGE.resolve("feed.js"));
        Map<String, String> roots = Stream.of("CORE", "GATEWAY", "STARTER")
                .collect(Collectors.toMap(name -> name, name -> constant(feed, name)));
        List<String> files = FILE.matcher(feed)
                .results()
                .map(found -> found.group(3) != null ? found.group(3) : roots.get(found.group(1)) + found.group(2))
                .toList();

        assertThat(files).hasSizeGreaterThan(10).allMatch(file -> Files.exists(Path.of("..", file)));
    }

    private static String constant(String script, String name) {
        Matcher found = Pattern.compile("const " + name + " = '([^']+)'").matcher(script);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void allFilesOfThePage_areServed() throws IOException {
        try (Stream<Path> files = Files.list(PAGE)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("index.html")))
                    .containsExactlyInAnyOrderElementsOf(DashboardDocuments.PAGE);
        }
    }
}
