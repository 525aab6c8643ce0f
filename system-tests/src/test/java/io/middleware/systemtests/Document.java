package io.middleware.systemtests;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: a file in Markdown. */
record Document(List<String> lines) {
    private static final Pattern LINK = Pattern.compile("(?:]\\(|^\\[[^]]+]: )([^)\\s]+)");
    private static final Pattern BREAK_BETWEEN_CELLS = Pattern.compile("(?<!\\\\)\\|");

    /** {@code file} is a path from the root of the repository. */
    static Document read(String file) {
        try {
            return new Document(Files.readAllLines(Repository.root().resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** The pages of a folder as one document. {@code folder} is a path from the root of the repository. */
    static Document readAll(String folder) {
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> pages =
                Files.newDirectoryStream(Repository.root().resolve(folder), "*.md")) {
            for (Path page : pages) {
                lines.addAll(Files.readAllLines(page));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read", e);
        }
        return new Document(lines);
    }

    /** The lines outside code blocks. */
    List<String> prose() {
        return split(false);
    }

    /** The lines inside code blocks, without what is a comment in a shell. */
    List<String> code() {
        return split(true).stream()
                .map(line -> line.replaceFirst("\\s+# .*", ""))
                .toList();
    }

    private List<String> split(boolean code) {
        List<String> some = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside == code) {
                some.add(line);
            }
        }
        return some;
    }

    /** {@code ##} and the title, as written. */
    List<String> headings() {
        return prose().stream().filter(line -> line.startsWith("#")).toList();
    }

    /** Where a link within the page can lead, {@code #} included: what GitHub makes of the headings. */
    List<String> anchors() {
        return headings().stream()
                .map(heading -> heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> "#" + title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    /** Where its links lead, in the order of the page. */
    List<String> links() {
        return found(LINK, prose()).toList();
    }

    /**
     * Returns the rows of all tables below this heading and its subheadings whose header begins with this cell; cells
     * come without the {@code `} around code.
     */
    List<List<String>> rows(String heading, String firstCell) {
        int level = level(heading);
        List<List<String>> rows = new ArrayList<>();
        boolean below = false;
        boolean wanted = false;
        for (String line : prose()) {
            if (line.startsWith("#")) {
                below = line.equals(heading) || below && level(line) > level;
            }
            List<String> cells = cells(line);
            if (!below || cells.isEmpty()) {
                wanted = false;
            } else if (cells.getFirst().equals(firstCell)) {
                wanted = true;
            } else if (wanted && !cells.getFirst().startsWith("---")) {
                rows.add(cells);
            }
        }
        return rows;
    }

    private static int level(String heading) {
        return heading.indexOf(' ');
    }

    /** Returns the rows of all tables, their headers included; cells come without the {@code `} around code. */
    List<List<String>> rows() {
        return prose().stream()
                .map(Document::cells)
                .filter(cells -> !cells.isEmpty())
                .toList();
    }

    private static List<String> cells(String line) {
        if (!line.startsWith("|")) {
            return List.of();
        }
        return Arrays.stream(BREAK_BETWEEN_CELLS.split(line.substring(1)))
                .map(cell -> cell.strip().replace("`", ""))
                .toList();
    }

    /** What a pattern's first group finds in the lines. */
    static Stream<String> found(Pattern pattern, List<String> lines) {
        return lines.stream().flatMap(line -> pattern.matcher(line).results()).map(match -> match.group(1));
    }
}
