package io.middleware.systemtests;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tests of all modules, by the names of their classes. */
final class TestMethods {
    private static final Map<String, String> SOURCES = read();

    private TestMethods() {}

    /** Returns whether there is such a test, written as {@code Class#method}, or as {@code Class} for all of its tests. */
    static boolean exists(String name) {
        String[] parts = name.split("#");
        String source = SOURCES.get(parts[0]);
        return source != null
                && (parts.length == 1
                        || Pattern.compile("void " + Pattern.quote(parts[1]) + "\\(")
                                .matcher(source)
                                .find());
    }

    /** Of classes with one name in several packages, all together. */
    private static Map<String, String> read() {
        try (Stream<Path> modules = Files.list(Repository.root())) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(TestMethods::sources)
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            TestMethods::text,
                            String::concat));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*(Test|IT)\\.java")).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
