package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the pages of the documentation to links that lead somewhere, and to tables that can be read at a glance. */
class DocumentationTest {
    /**
     * A path and, where the link leads to one, a heading. Links to lines of code are the README's, whose test checks
     * them.
     */
    private static final Pattern RELATIVE_LINK = Pattern.compile("([^#:]*)(#[^:]*)?");

    /** In the cell of a table: longer explanations go below the table. */
    private static final int MOST_WORDS = 25;

    private static final Pattern LINK_TARGET = Pattern.compile("]\\([^)]*\\)");

    private static final Pattern LINE_OF_CODE = Pattern.compile("#L\\d+");

    @Test
    void eachLink_leadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (String page : pages()) {
            for (String link : Document.read(page).links()) {
                Matcher relative = RELATIVE_LINK.matcher(link);
                if (relative.matches()) {
                    links++;
                    if (!leadsSomewhere(page, relative.group(1), relative.group(2))) {
                        broken.add(page + ": " + link);
                    }
                }
            }
        }

        assertThat(links).isGreaterThan(90);
        assertThat(broken).isEmpty();
    }

    @Test
    void eachCell_isShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (String page : pages()) {
            Document.read(page).rows().stream()
                    .flatMap(List::stream)
                    .filter(cell -> words(cell) > MOST_WORDS)
                    .forEach(cell -> tooLong.add(page + ": " + cell));
        }

        assertThat(tooLong).isEmpty();
    }

    private static long words(String cell) {
        return Stream.of(LINK_TARGET.matcher(cell).replaceAll("]").split("\\s+"))
                .filter(word -> word.chars().anyMatch(Character::isLetterOrDigit))
                .count();
    }

    private static boolean leadsSomewhere(String page, String path, String heading) {
        Path target = path.isEmpty()
                ? Path.of(page)
                : Path.of(page).resolveSibling(path).normalize();
        if (!Files.exists(Repository.root().resolve(target))) {
            return false;
        }
        return heading == null
                || LINE_OF_CODE.matcher(heading).matches()
                || Document.read(target.toString()).anchors().contains(heading);
    }

    /** Paths from the root of the repository. */
    private static List<String> pages() throws IOException {
        Path root = Repository.root();
        try (Stream<Path> top = Files.list(root);
                Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
